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
    state IN ('held', 'queued', 'sending', 'handedOver', 'accepted', 'rejected', 'uncertain', 'discarded')
  ),
  envelope_from TEXT NOT NULL,
  envelope_to TEXT NOT NULL CHECK (json_valid(envelope_to)),
  mime BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  -- Set once the message is known to stand in the Sent folder of the route that took it.
  filed_at INTEGER,
  changed_at INTEGER NOT NULL DEFAULT 0,
  -- While it is held: why, and until when.
  hold TEXT CHECK (hold IN ('undo', 'scheduled')),
  held_until INTEGER,
  -- Since when a server has it for some of its recipients.
  taken_at INTEGER,
  -- What showed that a server took it, when its own answer did not.
  evidence TEXT CHECK (evidence IN ('sent', 'reply', 'bounce')),
  -- The person knows who was refused.
  refusals_noted_at INTEGER,
  -- The message that became answered by this one.
  answers INTEGER REFERENCES message (id) ON DELETE SET NULL,
  UNIQUE (account_id, id),
  CHECK ((hold IS NULL) = (held_until IS NULL) AND (state = 'held') = (hold IS NOT NULL)),
  FOREIGN KEY (account_id, message_id) REFERENCES message (account_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before, filed_at,
                      changed_at)
  SELECT id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before, filed_at,
         coalesce((SELECT max(coalesce(ended_at, handed_over_at, started_at)) FROM former_attempt
                   WHERE outgoing_id = former_outgoing.id), created_at)
  FROM former_outgoing;
DROP TABLE former_outgoing;
CREATE INDEX outgoing_by_state ON outgoing (account_id, state, created_at);
CREATE INDEX outgoing_by_answered ON outgoing (answers) WHERE answers IS NOT NULL;

-- Every attempt is written before it is tried. sentence: the server's own words. error: a code of shared/errors.ts.
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
  sentence TEXT,
  error TEXT,
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO outgoing_attempt (id, account_id, outgoing_id, route, started_at, handed_over_at, ended_at, outcome, response)
  SELECT id, account_id, outgoing_id, route, started_at, handed_over_at, ended_at, outcome, response FROM former_attempt;
DROP TABLE former_attempt;
CREATE INDEX outgoing_attempt_by_outgoing ON outgoing_attempt (outgoing_id);

-- What became of single recipients, where that differs from the message as a whole.
CREATE TABLE outgoing_recipient (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  address TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'putOff', 'refused')),
  response TEXT,
  sentence TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (outgoing_id, address),
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What a submission server said of itself when it was last met (RFC 1870). max_size: bytes; null: no limit named.
CREATE TABLE submission_server (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  max_size INTEGER,
  met_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, route)
) STRICT, WITHOUT ROWID;

-- Set while the draft is on its way as a message: kept until that has left, so that it can be taken back.
ALTER TABLE draft ADD COLUMN outgoing_id TEXT REFERENCES outgoing (id) ON DELETE SET NULL;
CREATE INDEX draft_by_outgoing ON draft (outgoing_id) WHERE outgoing_id IS NOT NULL;

CREATE TABLE draft_attachment (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  draft_id TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_attachment_by_draft ON draft_attachment (draft_id, position);
