-- Mail in Exchange that is known by its headers and not copied: older members of a conversation are found by it.
CREATE TABLE surveyed (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  uid INTEGER NOT NULL,
  internal_date INTEGER NOT NULL,
  is_flagged INTEGER NOT NULL CHECK (is_flagged IN (0, 1)),
  -- The server gave nothing when it was asked for the message: not before this time again.
  withheld_until INTEGER,
  PRIMARY KEY (folder_id, uid)
) STRICT, WITHOUT ROWID;

-- key: what ties it to a conversation, as 48 bits of a hash. One that meets another's by chance copies a mail too many.
CREATE TABLE surveyed_key (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  PRIMARY KEY (account_id, key, folder_id, uid),
  FOREIGN KEY (folder_id, uid) REFERENCES surveyed (folder_id, uid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX surveyed_withheld ON surveyed (folder_id, uid) WHERE withheld_until IS NOT NULL;
CREATE INDEX surveyed_flagged ON surveyed (account_id) WHERE is_flagged = 1;
CREATE INDEX surveyed_key_by_message ON surveyed_key (folder_id, uid);

-- When every message of the folder was last looked at, flags and all.
ALTER TABLE folder ADD COLUMN looked_through_at INTEGER;
-- Of the messages that should be here, how many are not, and the date of the oldest of them.
ALTER TABLE folder ADD COLUMN missing_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN oldest_missing_at INTEGER;

-- What stands in no folder but Trash and Junk is in no view.
ALTER TABLE conversation ADD COLUMN is_put_away INTEGER NOT NULL DEFAULT 0 CHECK (is_put_away IN (0, 1));

-- A copy with a negative UID has lost its place: its message was moved or deleted, or UIDVALIDITY has changed.
CREATE INDEX copy_homeless ON copy (account_id, message_id) WHERE uid < 0;
