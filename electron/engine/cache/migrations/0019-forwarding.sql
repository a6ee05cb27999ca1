-- Which message was passed on by one that was written here. told_at: the server was asked to say so too, or cannot.
CREATE TABLE forwarding (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  told_at INTEGER,
  PRIMARY KEY (outgoing_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forwarding_by_message ON forwarding (message_id);
