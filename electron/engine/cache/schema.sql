-- Made by the migrations; a test compares. UPDATE_SCHEMA=1 npx vitest run database.test writes it anew.

CREATE VIEW standing AS
SELECT copy.message_id,
       iif(placement.message_id IS NOT NULL AND instr(placement.takes, ' ' || folder.role || ' ') > 0,
           placement.to_role, folder.role) AS role
FROM copy JOIN folder ON folder.id = copy.folder_id
LEFT JOIN placement ON placement.message_id = copy.message_id
WHERE folder.route = 'primary' OR (
  NOT EXISTS (
    SELECT 1 FROM copy AS other JOIN folder AS there ON there.id = other.folder_id
    WHERE other.message_id = copy.message_id AND there.route = 'primary')
  AND NOT EXISTS (
    SELECT 1 FROM journal JOIN folder AS there
      ON there.account_id = journal.account_id AND there.route = 'primary' AND there.path = journal.folder
    WHERE journal.message_id = copy.message_id AND journal.verified_at < there.synced_at));

CREATE TRIGGER ledger_line_follows BEFORE INSERT ON ledger_line
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_line WHERE account_id = NEW.account_id)
  OR NEW.line ->> '$.seq' IS NOT NEW.seq
  OR NEW.line ->> '$.previous' IS NOT
    (SELECT hash FROM ledger_line WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1)
BEGIN
  SELECT raise(ABORT, 'a line of the ledger follows the one before');
END;

CREATE TRIGGER ledger_line_is_kept BEFORE DELETE ON ledger_line
WHEN EXISTS (SELECT 1 FROM account WHERE id = OLD.account_id)
BEGIN
  SELECT raise(ABORT, 'a line of the ledger is never removed');
END;

CREATE TRIGGER ledger_line_stays BEFORE UPDATE ON ledger_line
BEGIN
  SELECT raise(ABORT, 'a line of the ledger never changes');
END;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE COLLATE NOCASE,
  display_name TEXT NOT NULL
) STRICT;

CREATE TABLE append_mark (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  journal_id INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
  mark TEXT NOT NULL,
  PRIMARY KEY (journal_id, mark)
) STRICT, WITHOUT ROWID;

CREATE TABLE "attachment" (
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

CREATE TABLE attachment_content (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  sha256 BLOB NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (account_id, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE bulletin (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  matter TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  PRIMARY KEY (account_id, matter)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  snippet TEXT NOT NULL,
  latest_at INTEGER NOT NULL,
  message_count INTEGER NOT NULL,
  unread_count INTEGER NOT NULL,
  has_attachments INTEGER NOT NULL CHECK (has_attachments IN (0, 1)),
  is_flagged INTEGER NOT NULL CHECK (is_flagged IN (0, 1)),
  in_inbox INTEGER NOT NULL CHECK (in_inbox IN (0, 1)),
  in_sent INTEGER NOT NULL CHECK (in_sent IN (0, 1))
, is_put_away INTEGER NOT NULL DEFAULT 0 CHECK (is_put_away IN (0, 1))) STRICT;

CREATE TABLE conversation_key (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE copy (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
  uid INTEGER NOT NULL,
  flags TEXT NOT NULL,
  internal_date INTEGER NOT NULL,
  UNIQUE (folder_id, uid)
) STRICT;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  code TEXT NOT NULL CHECK (
    code IN ('movedElsewhere', 'broughtBack', 'gone', 'folderGone', 'flaggedMeanwhile', 'refused')
  ),
  topic TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;

CREATE TABLE delivery_report (
  outgoing_id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  asked_at INTEGER NOT NULL,
  report TEXT NOT NULL CHECK (json_valid(report)),
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'reply', 'replyAll', 'forward')),
  parent_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
  from_address TEXT NOT NULL,
  recipients TEXT NOT NULL CHECK (json_valid(recipients)),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at INTEGER NOT NULL, outgoing_id TEXT REFERENCES outgoing (id) ON DELETE SET NULL, superseded_at INTEGER, thread TEXT CHECK (json_valid(thread)), html TEXT, quoted_html TEXT,
  FOREIGN KEY (account_id, parent_id) REFERENCES message (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_attachment (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  draft_id TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL
, content_id TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE draft_copy (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  draft_id TEXT NOT NULL,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  path TEXT NOT NULL,
  internet_message_id TEXT NOT NULL,
  -- Written before an APPEND with neither: after a cut or a crash, look before appending again.
  uid_validity INTEGER,
  uid INTEGER,
  -- The updated_at of the draft that it holds, and what it says.
  version INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  -- 0: another program made it, and it stays as it is until the draft is sent or discarded.
  is_ours INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
  noted_at INTEGER NOT NULL,
  CHECK ((uid IS NULL) = (uid_validity IS NULL))
) STRICT;

CREATE TABLE drill_mail (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  internet_message_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, internet_message_id)
) STRICT;

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

CREATE TABLE exchange_home (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  addresses TEXT NOT NULL CHECK (addresses IN ('private', 'public', 'own')),
  network TEXT NOT NULL
) STRICT;

CREATE TABLE failover_choice (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  chosen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE failover_state (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (json_valid(state)),
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE flag_change (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  flag TEXT NOT NULL CHECK (flag IN ('\Seen', '\Flagged', '\Answered')),
  is_set INTEGER NOT NULL CHECK (is_set IN (0, 1)),
  changed_at INTEGER NOT NULL,
  UNIQUE (message_id, flag)
) STRICT;

CREATE TABLE folder (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  path TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('inbox', 'sent', 'drafts', 'archive', 'trash', 'junk', 'other')),
  uid_validity INTEGER,
  uid_next INTEGER,
  synced_at INTEGER, looked_through_at INTEGER, missing_count INTEGER NOT NULL DEFAULT 0, oldest_missing_at INTEGER, mod_seq TEXT,
  UNIQUE (account_id, route, path)
) STRICT;

CREATE TABLE former_conversation (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE forwarding (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  told_at INTEGER,
  PRIMARY KEY (outgoing_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('provider', 'person')),
  address TEXT NOT NULL COLLATE NOCASE,
  display_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('own', 'alias', 'sendAs', 'onBehalf')),
  signatures TEXT NOT NULL CHECK (json_valid(signatures)),
  continuity INTEGER NOT NULL CHECK (continuity IN (0, 1)),
  PRIMARY KEY (account_id, source, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outage_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('received', 'sent')),
  recorded_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'handedOver', 'appended', 'failed')),
  -- Written before an APPEND: after a crash, look before appending again.
  append_started_at INTEGER,
  folder TEXT,
  uid INTEGER,
  verified_at INTEGER,
  reason TEXT, failures INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
  UNIQUE (outage_id, message_id),
  FOREIGN KEY (account_id, outage_id) REFERENCES outage (account_id, id) ON DELETE CASCADE,
  FOREIGN KEY (account_id, message_id) REFERENCES message (account_id, id)
) STRICT;

CREATE TABLE ledger_countersignature (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  line_count INTEGER NOT NULL,
  hash TEXT,
  head TEXT NOT NULL,
  countersignature TEXT NOT NULL,
  signed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger_line (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  line TEXT NOT NULL CHECK (json_valid(line)),
  hash TEXT NOT NULL,
  PRIMARY KEY (account_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE "message" (
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

CREATE TABLE message_body (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  text BLOB NOT NULL,
  html BLOB
) STRICT;

CREATE TABLE message_nature (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  protection TEXT CHECK (protection IN ('smimeSigned', 'smimeEncrypted', 'pgpSigned', 'pgpEncrypted')),
  -- A MessageReport: of delivery, of reading, of abuse.
  report TEXT CHECK (json_valid(report)),
  calendar_method TEXT,
  CHECK (coalesce(protection, report, calendar_method) IS NOT NULL)
) STRICT;

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

CREATE TABLE message_source (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  source BLOB NOT NULL
) STRICT;

CREATE TABLE "outage" (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  cause TEXT NOT NULL CHECK (
    cause IN (
      'refused', 'hanging', 'closed', 'tls', 'name', 'unavailable', 'submission', 'proxy', 'signIn',
      'declared', 'incident', 'drill', 'maintenance', 'chosen'
    )
  )
) STRICT;

CREATE TABLE outgoing (
  id TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (
    state IN ('held', 'queued', 'sending', 'handedOver', 'accepted', 'rejected', 'uncertain', 'discarded')
  ),
  envelope_from TEXT NOT NULL,
  envelope_to TEXT NOT NULL CHECK (json_valid(envelope_to)),
  mime BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  -- Set once the message is known to stand in the Sent folder of the route that took it.
  filed_at INTEGER,
  changed_at INTEGER NOT NULL DEFAULT 0,
  -- While it is held: why, and until when.
  hold TEXT CHECK (hold IN ('undo', 'scheduled')),
  held_until INTEGER,
  -- Since when a server has it for some of its recipients.
  taken_at INTEGER,
  -- What showed that a server took it, when its own answer did not.
  refusals_noted_at INTEGER,
  -- The message that became answered by this one.
  answers INTEGER REFERENCES message (id) ON DELETE SET NULL, evidence TEXT CHECK (evidence IN ('sent', 'reply', 'bounce', 'log')),
  UNIQUE (account_id, id),
  CHECK ((hold IS NULL) = (held_until IS NULL) AND (state = 'held') = (hold IS NOT NULL)),
  FOREIGN KEY (account_id, message_id) REFERENCES message (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outgoing_attempt (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  started_at INTEGER NOT NULL,
  handed_over_at INTEGER,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('accepted', 'rejected', 'deferred', 'unknown')),
  response TEXT,
  sentence TEXT,
  error TEXT,
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE outgoing_recipient (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  address TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'putOff', 'refused')),
  response TEXT,
  sentence TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (outgoing_id, address),
  FOREIGN KEY (account_id, outgoing_id) REFERENCES outgoing (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE pin (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('conversation', 'folder', 'correspondent')),
  conversation_id INTEGER UNIQUE REFERENCES conversation (id) ON DELETE CASCADE,
  what TEXT,
  UNIQUE (account_id, kind, what),
  CHECK ((kind = 'conversation') = (conversation_id IS NOT NULL) AND (kind = 'conversation') = (what IS NULL))
) STRICT;

CREATE TABLE placement (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('archive', 'move', 'delete', 'junk', 'notJunk', 'destroy')),
  -- What the person did at once, and may undo at once.
  action_id TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  -- The roles of folders from which it is taken, a blank before and after each.
  takes TEXT NOT NULL,
  to_role TEXT NOT NULL CHECK (to_role IN ('inbox', 'sent', 'archive', 'trash', 'junk', 'other', 'nowhere')),
  to_path TEXT,
  -- The folders of Exchange in which it may stand by our own doing, or stood when the person decided.
  base TEXT NOT NULL CHECK (json_valid(base)),
  was_flagged INTEGER NOT NULL CHECK (was_flagged IN (0, 1)),
  -- Written before Exchange is told: after a cut or a crash, look before telling again.
  started_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE readiness_fact (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name IN ('domain', 'clock')),
  looked_at INTEGER NOT NULL,
  fact TEXT NOT NULL CHECK (json_valid(fact)),
  PRIMARY KEY (account_id, name)
) STRICT;

CREATE TABLE recent_search (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE rehearsal (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  tried_at INTEGER NOT NULL,
  succeeded_at INTEGER,
  error TEXT CHECK (json_valid(error))
) STRICT;

CREATE TABLE search_forgotten (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  -- What was written into the index, in the order of its columns; JSON, compressed.
  words BLOB NOT NULL
) STRICT;

CREATE TABLE search_pending (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  sent_at INTEGER NOT NULL
) STRICT;

CREATE TABLE search_place (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  sent_at INTEGER NOT NULL,
  -- Bytes of its text and its attachments, about.
  size INTEGER NOT NULL,
  has_files INTEGER NOT NULL CHECK (has_files IN (0, 1))
) STRICT;

CREATE TABLE search_word (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  word TEXT NOT NULL,
  UNIQUE (account_id, word)
) STRICT;

CREATE TABLE server_draft (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE shown_apart (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE sign_in (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  provider TEXT NOT NULL CHECK (provider IN ('exchange', 'continuity')),
  accepted_at INTEGER,
  refused_at INTEGER,
  reason TEXT CHECK (reason IN ('missing', 'refused', 'interaction', 'revoked')),
  PRIMARY KEY (account_id, provider),
  CHECK ((reason IS NULL) = (refused_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE signature (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  address TEXT NOT NULL COLLATE NOCASE,
  text TEXT NOT NULL,
  PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission_server (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  max_size INTEGER,
  met_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, route)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE surveyed_key (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  key INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  PRIMARY KEY (account_id, key, folder_id, uid),
  FOREIGN KEY (folder_id, uid) REFERENCES surveyed (folder_id, uid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE urgent_message (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  PRIMARY KEY (account_id, outgoing_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE visible_drill (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  matter TEXT NOT NULL,
  begins_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  tried_at INTEGER NOT NULL,
  error TEXT CHECK (json_valid(error)),
  reported_at INTEGER,
  PRIMARY KEY (account_id, matter, begins_at)
) STRICT;

CREATE INDEX attachment_absent ON attachment (account_id, message_id) WHERE sha256 IS NULL;

CREATE INDEX attachment_by_content ON attachment (account_id, sha256);

CREATE INDEX attachment_by_message ON attachment (message_id);

CREATE INDEX conversation_by_date ON conversation (account_id, latest_at DESC);

CREATE INDEX conversation_key_by_conversation ON conversation_key (conversation_id);

CREATE INDEX copy_by_message ON copy (message_id);

CREATE INDEX copy_homeless ON copy (account_id, message_id) WHERE uid < 0;

CREATE INDEX decision_by_account ON decision (account_id);

CREATE INDEX draft_attachment_by_draft ON draft_attachment (draft_id, position);

CREATE INDEX draft_by_outgoing ON draft (outgoing_id) WHERE outgoing_id IS NOT NULL;

CREATE INDEX draft_by_parent ON draft (parent_id, account_id);

CREATE INDEX draft_copy_by_draft ON draft_copy (account_id, draft_id);

CREATE INDEX draft_copy_by_message_id ON draft_copy (account_id, internet_message_id);

CREATE INDEX former_conversation_by_conversation ON former_conversation (conversation_id);

CREATE INDEX forwarding_by_message ON forwarding (message_id);

CREATE INDEX journal_by_message ON journal (message_id);

CREATE INDEX ledger_line_by_entry ON ledger_line (account_id, line ->> '$.entry');

CREATE INDEX message_by_conversation ON message (conversation_id, sent_at);

CREATE INDEX message_by_date ON message (account_id, sent_at);

CREATE INDEX message_by_name ON message (account_id, internet_message_id);

CREATE INDEX message_by_original_name ON message (account_id, original_message_id) WHERE original_message_id IS NOT NULL;

CREATE INDEX message_flagged ON message (account_id) WHERE is_flagged = 1;

CREATE UNIQUE INDEX message_of_account ON message (account_id, id);

CREATE INDEX message_unread ON message (account_id) WHERE is_seen = 0;

CREATE UNIQUE INDEX outage_of_account ON outage (account_id, id);

CREATE INDEX outgoing_attempt_by_outgoing ON outgoing_attempt (outgoing_id);

CREATE INDEX outgoing_by_answered ON outgoing (answers) WHERE answers IS NOT NULL;

CREATE INDEX outgoing_by_state ON outgoing (account_id, state, created_at);

CREATE INDEX placement_by_request ON placement (account_id, requested_at);

CREATE INDEX search_pending_by_date ON search_pending (account_id, sent_at);

CREATE INDEX search_place_late ON search_place (id - sent_at / 60000) WHERE id > sent_at / 60000;

CREATE INDEX surveyed_flagged ON surveyed (account_id) WHERE is_flagged = 1;

CREATE INDEX surveyed_key_by_message ON surveyed_key (folder_id, uid);

CREATE INDEX surveyed_withheld ON surveyed (folder_id, uid) WHERE withheld_until IS NOT NULL;
