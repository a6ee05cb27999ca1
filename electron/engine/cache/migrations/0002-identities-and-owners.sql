-- As whom a person may write, as the provider's directory or the person says; what policy says is not stored.
-- signatures: JSON, by language.
CREATE TABLE identity (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('provider', 'person')),
  address TEXT NOT NULL COLLATE NOCASE,
  display_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('own', 'alias', 'sendAs', 'onBehalf')),
  signatures TEXT NOT NULL CHECK (json_valid(signatures)),
  continuity INTEGER NOT NULL CHECK (continuity IN (0, 1)),
  PRIMARY KEY (account_id, source, address)
) STRICT, WITHOUT ROWID;

-- The signature that the person chose for one of their addresses, whoever lists it.
CREATE TABLE signature (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  address TEXT NOT NULL COLLATE NOCASE,
  text TEXT NOT NULL,
  PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;

-- What leaves, and what is carried over, belongs to the account of what it refers to: no statement can mix two.
CREATE UNIQUE INDEX message_of_account ON message (account_id, id);
CREATE UNIQUE INDEX outage_of_account ON outage (account_id, id);

-- from_address: the identity that the draft is written as.
ALTER TABLE draft RENAME TO former_draft;
DROP INDEX draft_by_parent;
CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'reply', 'replyAll', 'forward')),
  parent_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
  from_address TEXT NOT NULL,
  recipients TEXT NOT NULL CHECK (json_valid(recipients)),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  FOREIGN KEY (account_id, parent_id) REFERENCES message (account_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO draft
  SELECT former_draft.id, account_id, kind, parent_id, account.address, recipients, subject, text, updated_at
  FROM former_draft JOIN account ON account.id = former_draft.account_id;
DROP TABLE former_draft;
CREATE INDEX draft_by_parent ON draft (parent_id, account_id);

-- The attempts first: dropping what they refer to would take them along.
CREATE TABLE former_attempt AS SELECT * FROM outgoing_attempt;
DROP TABLE outgoing_attempt;
ALTER TABLE outgoing RENAME TO former_outgoing;
DROP INDEX outgoing_by_state;
-- A message written here, frozen: mime never changes after the insert. States: shared/model/outgoing.ts.
CREATE TABLE outgoing (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (
    state IN ('queued', 'sending', 'handedOver', 'accepted', 'rejected', 'uncertain', 'discarded')
  ),
  envelope_from TEXT NOT NULL,
  envelope_to TEXT NOT NULL CHECK (json_valid(envelope_to)),
  mime BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  -- Set once the message is known to stand in the Sent folder of the route that took it.
  filed_at INTEGER,
  UNIQUE (account_id, id),
  FOREIGN KEY (account_id, message_id) REFERENCES message (account_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO outgoing SELECT * FROM former_outgoing;
DROP TABLE former_outgoing;
CREATE INDEX outgoing_by_state ON outgoing (account_id, state, created_at);

-- Every attempt is written before it is tried.
CREATE TABLE outgoing_attempt (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  started_at INTEGER NOT NULL,
  handed_over_at INTEGER,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('accepted', 'rejected', 'deferred', 'unknown')),
  response TEXT,
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO outgoing_attempt SELECT * FROM former_attempt;
DROP TABLE former_attempt;
CREATE INDEX outgoing_attempt_by_outgoing ON outgoing_attempt (outgoing_id);

ALTER TABLE journal RENAME TO former_journal;
DROP INDEX journal_by_message;
-- What was received and sent while Exchange was away (the journal), and what became of it (the ledger).
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outage_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
  recorded_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'handedOver', 'appended', 'failed')),
  -- Written before an APPEND: after a crash, look before appending again.
  append_started_at INTEGER,
  folder TEXT,
  uid INTEGER,
  verified_at INTEGER,
  reason TEXT,
  UNIQUE (outage_id, message_id),
  FOREIGN KEY (account_id, outage_id) REFERENCES outage (account_id, id) ON DELETE CASCADE,
  FOREIGN KEY (account_id, message_id) REFERENCES message (account_id, id)
) STRICT;
INSERT INTO journal SELECT * FROM former_journal;
DROP TABLE former_journal;
CREATE INDEX journal_by_message ON journal (message_id);
