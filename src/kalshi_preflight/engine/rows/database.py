"""The database as a file."""

from kalshi_preflight.engine.row import EngineRow, by_hand
from kalshi_preflight.model.cause import Blame, Commands, Severity

_THERE = "test_database_is_there"
_WHOLE = "test_database_is_whole"
_PLACED = "test_database_is_well_placed"

_LOOK = Commands(
    powershell=("Get-Item {path} | Format-List FullName, Length, LastWriteTime",),
    posix=("ls -l {path}",),
)
_FOLDER = Commands(
    powershell=("Get-ChildItem -Force {home}",),
    posix=("ls -la {home}",),
)
_CHECK = Commands(
    powershell=(
        "# with the engine stopped:",
        "sqlite3 -readonly {path} 'PRAGMA quick_check'",
    ),
    posix=(
        "# with the engine stopped:",
        "sqlite3 -readonly {path} 'PRAGMA quick_check'",
    ),
)
_RESTORE = by_hand(
    "stop the engine by its own means and keep a copy of {path} with its -wal and"
    " -journal files",
    "then restore a backup, or recover the copy with the sqlite3 shell's .recover",
)
_HOLDERS = Commands(
    powershell=(
        "Get-Process | Where-Object {{ $_.Name -match 'python|sqlite|DB Browser' }}",
    ),
    posix=("fuser -v {path}",),
)

ROWS = (
    EngineRow(
        id="db-missing",
        question=_THERE,
        summary="{engine}'s database is not at {path} (beside it: {beside}).",
        why="The engine was never started here, the workspace is another one, or the"
        " task that starts it has no 'Start in' folder and writes its database"
        " elsewhere. Nothing was created by looking.",
        check=Commands(
            powershell=(
                "Get-ChildItem -Path {home}, C:\\Windows\\System32"
                " -Filter *.db -ErrorAction SilentlyContinue",
            ),
            posix=("find {home} -name '*.db'",),
        ),
        fix=by_hand(
            "give the right workspace with --v8-home=DIR or V8_HOME; if it is right,"
            " start the engine with {start_script}",
        ),
    ),
    EngineRow(
        id="db-path-is-directory",
        question=_THERE,
        blame=Blame.CONFIG,
        summary="{path} is a folder, not a database (in it: {inside}).",
        why="A folder was made where the engine keeps its database file.",
        check=_FOLDER,
        fix=by_hand("move the folder {path} away, or give the workspace that is meant"),
    ),
    EngineRow(
        id="db-permission-denied",
        question=_THERE,
        blame=Blame.CONFIG,
        summary="{path} exists, and this account may not read it.",
        why="The engine runs under another account, or the folder is locked down. This"
        " is not a missing database.",
        check=Commands(powershell=("icacls {path}",), posix=("ls -l {path}", "id")),
        fix=Commands(
            powershell=('icacls {path} /grant "${{env:USERNAME}}:(R)"',),
            posix=("# as the owner:", "chmod o+r {path}"),
        ),
    ),
    EngineRow(
        id="db-empty-file",
        question=_THERE,
        summary="{path} is empty (0 bytes).",
        why="A program opened a missing database for writing and so created it, or the"
        " engine ended before its first write. Its emptiness says nothing about the"
        " account.",
        check=_FOLDER,
        fix=by_hand(
            "find the real database; if this is its place, stop the engine first and"
            " then remove the empty file by hand",
        ),
    ),
    EngineRow(
        id="db-not-sqlite",
        question=_THERE,
        summary="{path} is not an SQLite database; it looks like {looks_like}.",
        why="A pointer of Git LFS, a downloaded page, a text file or an encrypted"
        " database lies where the engine's database should be.",
        check=Commands(
            powershell=("Get-Content {path} -TotalCount 3",),
            posix=("head -c 100 {path} | od -c | head",),
        ),
        fix=by_hand("put the real file in its place (for a pointer: git lfs pull)"),
    ),
    EngineRow(
        id="db-wrong-file",
        question=_THERE,
        blame=Blame.CONFIG,
        summary="{path} is a database without any table of {engine} (it has:"
        " {tables}).",
        why="It is the dashboard's database, or another bot's.",
        check=Commands(
            powershell=("sqlite3 -readonly {path} .tables",),
            posix=("sqlite3 -readonly {path} .tables",),
        ),
        fix=by_hand("give the engine's own workspace with --v8-home=DIR or V8_HOME"),
    ),
    EngineRow(
        id="db-truncated",
        question=_WHOLE,
        summary="{path} is cut: its header announces {announced_bytes} bytes, and there"
        " are {size_bytes}.",
        why="It was copied while it was being written, the disk was full, or a"
        " synchronising tool tore it.",
        check=_LOOK,
        fix=by_hand(
            "copy it again with the engine stopped, or with the sqlite3 shell's"
            " .backup",
        ),
    ),
    EngineRow(
        id="db-corrupt",
        question=_WHOLE,
        summary="{path} is damaged: {error}.",
        why="Pages of the file contradict each other: a crash with a failing disk, two"
        " machines on one shared folder, or a tool that synchronises open files.",
        check=_CHECK,
        fix=_RESTORE,
    ),
    EngineRow(
        id="db-hot-journal",
        question=_WHOLE,
        summary="{path} has a rollback journal of a writer that died in the middle of a"
        " transaction.",
        why="SQLite must roll that transaction back before anybody may read, and a"
        " reader must not do so. Whoever deletes the -journal file damages the"
        " database.",
        check=_FOLDER,
        fix=by_hand(
            "do not delete the -journal file; start the engine once with"
            " {start_script},"
            " and it rolls back",
        ),
    ),
    EngineRow(
        id="db-locked",
        question=_WHOLE,
        severity=Severity.WARNING,
        summary="{path} is locked by another program (unchanged for {unchanged_for}).",
        why="A long write, a backup, a virus scanner or a database browser with open"
        " edits holds it. Nothing could be read, so nothing about the engine's books"
        " can be told.",
        check=_HOLDERS,
        fix=by_hand("close database browsers with open edits, then ask again"),
    ),
    EngineRow(
        id="db-wal-unreadable",
        question=_WHOLE,
        summary="{path} is in WAL mode, and its index cannot be had without writing to"
        " the folder ({error}).",
        why="A WAL database needs a shared-memory file beside it. It is not there, or"
        " this account may not write it; this suite creates nothing in the workspace.",
        check=_FOLDER,
        fix=by_hand("run this suite under the engine's account while the engine runs"),
    ),
    EngineRow(
        id="db-copy-without-wal",
        question=_WHOLE,
        severity=Severity.WARNING,
        summary="{path} is a copy without its -wal file, in a folder of backups.",
        why="What had not been moved into the main file yet is missing: the copy is"
        " older than it looks.",
        check=_FOLDER,
        fix=by_hand("test the live file, or copy the database with -wal and -shm"),
    ),
    EngineRow(
        id="db-on-network-share",
        question=_PLACED,
        severity=Severity.WARNING,
        summary="{path} lies in {place}.",
        why="SQLite's locks do not hold over a network, and tools that synchronise copy"
        " a file while it is being written: both damage databases.",
        check=_LOOK,
        fix=by_hand("keep the workspace on a local disk, outside synchronised folders"),
    ),
    EngineRow(
        id="db-wal-growing",
        question=_PLACED,
        severity=Severity.WARNING,
        summary="The -wal file beside {path} has grown to {wal_bytes} bytes.",
        why="A reader keeps a transaction open, so that the WAL can never be emptied;"
        " every read becomes slower.",
        check=_HOLDERS,
        fix=by_hand("close dashboards and database browsers that keep it open"),
    ),
    EngineRow(
        id="db-in-wal-mode",
        question=_PLACED,
        severity=Severity.NOTE,
        summary="{path} is in WAL mode.",
        why="That is normal. The main file's time stands still between checkpoints, so"
        " judge freshness by the rows.",
        check=_FOLDER,
        fix=by_hand("nothing is to be done"),
    ),
    EngineRow(
        id="disk-nearly-full",
        question=_PLACED,
        severity=Severity.WARNING,
        summary="Only {free_mib} MiB are free on the disk of {path}.",
        why="SQLite fails, and can lose its newest rows, when the disk is full.",
        check=Commands(
            powershell=("Get-PSDrive -PSProvider FileSystem",), posix=("df -h {path}",)
        ),
        fix=by_hand("free space on that disk: old logs, old copies of the database"),
    ),
    EngineRow(
        id="v8-unclassified",
        question=_THERE,
        blame=Blame.UNKNOWN,
        summary="The engine's {subject} could not be judged: {error}.",
        why="This is a defect of the suite: the condition fits no row of its"
        " catalogue.",
        check=Commands(powershell=("pytest -m v8 -vv",), posix=("pytest -m v8 -vv",)),
        fix=by_hand("report it with reports/diagnosis.json attached"),
    ),
)
