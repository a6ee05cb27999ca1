-- What the provider's delivery log said of a message when it was last asked. report: a DeliveryReport.
CREATE TABLE delivery_report (
  outgoing_id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  asked_at INTEGER NOT NULL,
  report TEXT NOT NULL CHECK (json_valid(report)),
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

ALTER TABLE outgoing RENAME COLUMN evidence TO former_evidence;
-- What showed that a server took it, when its own answer did not.
ALTER TABLE outgoing ADD COLUMN evidence TEXT CHECK (evidence IN ('sent', 'reply', 'bounce', 'log'));
UPDATE outgoing SET evidence = former_evidence;
ALTER TABLE outgoing DROP COLUMN former_evidence;

-- The newest head of an account's ledger that the provider has countersigned: docs/ledger.md.
CREATE TABLE ledger_countersignature (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  line_count INTEGER NOT NULL,
  hash TEXT,
  head TEXT NOT NULL,
  countersignature TEXT NOT NULL,
  signed_at INTEGER NOT NULL
) STRICT;

-- Messages of which the person wants to see each copy by itself.
CREATE TABLE shown_apart (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;
