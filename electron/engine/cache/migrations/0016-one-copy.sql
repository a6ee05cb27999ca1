-- What was tried in vain is left alone for a while.
ALTER TABLE journal ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;

-- What our appends carry in a header, so that we know them again. Written before each.
CREATE TABLE append_mark (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  journal_id INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
  mark TEXT NOT NULL,
  PRIMARY KEY (journal_id, mark)
) STRICT, WITHOUT ROWID;
