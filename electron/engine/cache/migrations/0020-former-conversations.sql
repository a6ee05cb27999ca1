-- Conversations that turned out to be part of another one: whoever has one open still finds it, and its id is never given
-- to another.
CREATE TABLE former_conversation (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX former_conversation_by_conversation ON former_conversation (conversation_id);
