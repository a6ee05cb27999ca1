-- What became of each message of an outage, in the order in which it became known. A line is never changed, and never
-- removed but with its account. line: docs/ledger.md. hash: of the line as it is written.
CREATE TABLE ledger_line (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  line TEXT NOT NULL CHECK (json_valid(line)),
  hash TEXT NOT NULL,
  PRIMARY KEY (account_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_line_follows BEFORE INSERT ON ledger_line
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_line WHERE account_id = NEW.account_id)
  OR NEW.line ->> '$.seq' IS NOT NEW.seq
  OR NEW.line ->> '$.previous' IS NOT
    (SELECT hash FROM ledger_line WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1)
BEGIN
  SELECT raise(ABORT, 'a line of the ledger follows the one before');
END;
CREATE TRIGGER ledger_line_stays BEFORE UPDATE ON ledger_line
BEGIN
  SELECT raise(ABORT, 'a line of the ledger never changes');
END;
CREATE TRIGGER ledger_line_is_kept BEFORE DELETE ON ledger_line
WHEN EXISTS (SELECT 1 FROM account WHERE id = OLD.account_id)
BEGIN
  SELECT raise(ABORT, 'a line of the ledger is never removed');
END;
CREATE INDEX ledger_line_by_entry ON ledger_line (account_id, line ->> '$.entry');
