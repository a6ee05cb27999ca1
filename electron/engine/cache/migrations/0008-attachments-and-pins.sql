-- An attachment without sha256 is not in the copy: it is larger than the policy allows, or made room for others. Its size
-- is then about what the server said.
CREATE TABLE renewed_attachment (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content_id TEXT,
  is_inline INTEGER NOT NULL CHECK (is_inline IN (0, 1)),
  size INTEGER NOT NULL,
  sha256 BLOB,
  FOREIGN KEY (account_id, sha256) REFERENCES attachment_content (account_id, sha256)
) STRICT;
INSERT INTO renewed_attachment
  SELECT id, account_id, message_id, file_name, content_type, content_id, is_inline, size, sha256 FROM attachment;
DROP TABLE attachment;
ALTER TABLE renewed_attachment RENAME TO attachment;
CREATE INDEX attachment_by_message ON attachment (message_id);
CREATE INDEX attachment_by_content ON attachment (account_id, sha256);
CREATE INDEX attachment_absent ON attachment (account_id, message_id) WHERE sha256 IS NULL;

-- What the person keeps whole. what: a folder's full name, or an address in lower case.
CREATE TABLE pin (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('conversation', 'folder', 'correspondent')),
  conversation_id INTEGER UNIQUE REFERENCES conversation (id) ON DELETE CASCADE,
  what TEXT,
  UNIQUE (account_id, kind, what),
  CHECK ((kind = 'conversation') = (conversation_id IS NOT NULL) AND (kind = 'conversation') = (what IS NULL))
) STRICT;

-- Messages that stand in Exchange's Drafts and were not sent: they are kept, and in no view.
CREATE TABLE server_draft (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;

-- Their keys name correspondents as well from now on: every message is looked at again.
DELETE FROM surveyed;
UPDATE folder SET looked_through_at = NULL;
