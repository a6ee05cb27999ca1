-- Another version of it was found in Drafts, and it had nothing new: out of sight, until somebody goes on writing it.
ALTER TABLE draft ADD COLUMN superseded_at INTEGER;
-- What ties it to a conversation, where it was begun elsewhere or resends what came back: ThreadHeaders.
ALTER TABLE draft ADD COLUMN thread TEXT CHECK (json_valid(thread));

-- Where drafts stand in Drafts folders. Whose draft is gone is to go from there too.
CREATE TABLE draft_copy (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  draft_id TEXT NOT NULL,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  path TEXT NOT NULL,
  internet_message_id TEXT NOT NULL,
  -- Written before an APPEND with neither: after a cut or a crash, look before appending again.
  uid_validity INTEGER,
  uid INTEGER,
  -- The updated_at of the draft that it holds, and what it says.
  version INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  -- 0: another program made it, and it stays as it is until the draft is sent or discarded.
  is_ours INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
  noted_at INTEGER NOT NULL,
  CHECK ((uid IS NULL) = (uid_validity IS NULL))
) STRICT;
CREATE INDEX draft_copy_by_draft ON draft_copy (account_id, draft_id);
CREATE INDEX draft_copy_by_message_id ON draft_copy (account_id, internet_message_id);
