-- Its words are made anew in the background, and what stood in it is erased there, little by little.
ALTER TABLE message_search RENAME TO message_search_former;

-- What is written into it is folded first (shared/search/fold.ts). Its rowid is that of search_place.
CREATE VIRTUAL TABLE message_search USING fts5 (
  subject,
  sender,
  recipients,
  copied,
  body,
  files,
  texts,
  content = '',
  prefix = '2',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
);

INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);

-- Where a message stands in the index: at the minute it was sent, or at a free one after that, so that the index is in the
-- order of time, and what lies between two messages small.
CREATE TABLE search_place (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  sent_at INTEGER NOT NULL,
  -- Bytes of its text and its attachments, about.
  size INTEGER NOT NULL,
  has_files INTEGER NOT NULL CHECK (has_files IN (0, 1))
) STRICT;

-- By how many minutes it stands too late.
CREATE INDEX search_place_late ON search_place (id - sent_at / 60000) WHERE id > sent_at / 60000;

-- Not in the index yet.
CREATE TABLE search_pending (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  sent_at INTEGER NOT NULL
) STRICT;

CREATE INDEX search_pending_by_date ON search_pending (account_id, sent_at);

INSERT INTO search_pending (message_id, account_id, sent_at) SELECT id, account_id, sent_at FROM message;

-- The message is gone, its words are to be erased from the index: found no more, as there is no place.
CREATE TABLE search_forgotten (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  -- What was written into the index, in the order of its columns; JSON, compressed.
  words BLOB NOT NULL
) STRICT;

-- Every longer word of the index, to find those that have another inside.
CREATE TABLE search_word (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  word TEXT NOT NULL,
  UNIQUE (account_id, word)
) STRICT;

CREATE VIRTUAL TABLE message_search_part USING fts5 (
  word,
  content = '',
  columnsize = 0,
  detail = 'none',
  tokenize = "trigram case_sensitive 1"
);

INSERT INTO message_search_part (message_search_part, rank) VALUES ('secure-delete', 1);

CREATE TABLE recent_search (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, text)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_unread ON message (account_id) WHERE is_seen = 0;

CREATE INDEX message_flagged ON message (account_id) WHERE is_flagged = 1;
