-- Two different messages may bear one Message-ID, and one message two: what is the same is for cache/messages.ts to say.
-- Foreign keys are not enforced during a migration (database.ts): those who refer to messages go on doing so by name.
CREATE TABLE renewed_message (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id),
  internet_message_id TEXT NOT NULL,
  -- The name that it bore before a server renamed it (X-Microsoft-Original-Message-ID).
  original_message_id TEXT,
  sent_at INTEGER NOT NULL,
  subject TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  recipients TEXT NOT NULL CHECK (json_valid(recipients)),
  reference_ids TEXT NOT NULL CHECK (json_valid(reference_ids)),
  thread_topic TEXT,
  thread_index BLOB,
  snippet TEXT NOT NULL,
  is_seen INTEGER NOT NULL CHECK (is_seen IN (0, 1)),
  is_flagged INTEGER NOT NULL CHECK (is_flagged IN (0, 1)),
  is_answered INTEGER NOT NULL CHECK (is_answered IN (0, 1)),
  is_from_me INTEGER NOT NULL CHECK (is_from_me IN (0, 1))
) STRICT;
INSERT INTO renewed_message
  SELECT id, account_id, conversation_id, internet_message_id, NULL, sent_at, subject, from_name, from_address, recipients,
         reference_ids, thread_topic, thread_index, snippet, is_seen, is_flagged, is_answered, is_from_me
  FROM message;
DROP TABLE message;
ALTER TABLE renewed_message RENAME TO message;
CREATE UNIQUE INDEX message_of_account ON message (account_id, id);
CREATE INDEX message_by_name ON message (account_id, internet_message_id);
CREATE INDEX message_by_original_name ON message (account_id, original_message_id) WHERE original_message_id IS NOT NULL;
CREATE INDEX message_by_conversation ON message (conversation_id, sent_at);
CREATE INDEX message_by_date ON message (account_id, sent_at);

-- HIGHESTMODSEQ (RFC 7162) as of the last complete pass, in decimal; null where the server offers none.
ALTER TABLE folder ADD COLUMN mod_seq TEXT;
