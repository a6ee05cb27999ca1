-- How this device came to its credential at the continuity provider; the secret itself is in the key store.
CREATE TABLE enrolment (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  provider_url TEXT NOT NULL,
  -- JWK thumbprints (RFC 7638) of the keys that sign for the provider.
  signing_keys TEXT NOT NULL CHECK (json_valid(signing_keys)),
  device_id TEXT NOT NULL,
  -- The account's settings as the provider gave them. The policy's win where it knows the account.
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  enrolled_at INTEGER NOT NULL,
  rotated_at INTEGER,
  checked_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

-- The last sign-in at continuity as an outage would do it, without sending anything.
CREATE TABLE rehearsal (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  tried_at INTEGER NOT NULL,
  succeeded_at INTEGER,
  error TEXT CHECK (json_valid(error))
) STRICT;
