-- Where the person wants a message to stand, until Exchange has been seen to agree. Of each message only the newest wish.
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
CREATE INDEX placement_by_request ON placement (account_id, requested_at);

-- Where the person sees each message: in the folders that hold it, but for what is on its way to another one. What an
-- outage brought stands where continuity has it until Exchange has it; what has gone from there since does not come back.
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

-- What was decided otherwise than the person wanted, until they were told.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  code TEXT NOT NULL CHECK (
    code IN ('movedElsewhere', 'broughtBack', 'gone', 'folderGone', 'flaggedMeanwhile', 'refused')
  ),
  topic TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_by_account ON decision (account_id);
