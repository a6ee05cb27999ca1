-- What a message is beyond its words, as it says itself. Most messages are nothing else and have no row.
CREATE TABLE message_nature (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  protection TEXT CHECK (protection IN ('smimeSigned', 'smimeEncrypted', 'pgpSigned', 'pgpEncrypted')),
  -- A MessageReport: of delivery, of reading, of abuse.
  report TEXT CHECK (json_valid(report)),
  calendar_method TEXT,
  CHECK (coalesce(protection, report, calendar_method) IS NOT NULL)
) STRICT;
