import Sqlite from 'better-sqlite3';

/** Opens a state file as any program would, reads in it, says so, and keeps it open until it is killed: `<file>`. */
const db = new Sqlite(process.argv[2]!);
db.prepare('select count(*) from sqlite_master').get();
console.log('open');
setInterval(() => db.open, 60_000);
