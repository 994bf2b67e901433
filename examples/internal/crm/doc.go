// Package crm reads the opportunity exports of customer relationship
// management systems into one vocabulary, so that the example programs run on
// the file a team already has.
//
// [Read] reads one export, [ReadDir] a folder of them with the lists that a
// quarter close needs besides: reps, splits, events, quotas, snapshots of the
// pipeline, calls and the stage history. Files are
// recognised by their headers, in any order of columns and any case; nobody
// writes a mapping.
//
// # What is read
//
// Delimited text in UTF-8, with or without byte order mark, delimited by
// comma, semicolon or tab. Dates may be ISO dates and datetimes, D.M.YYYY,
// M/D/YYYY and D/M/YYYY; amounts may carry thousands separators and currency
// signs. Where a file could be read in two ways (1/2/2026; 1,234) all its rows
// are the evidence, and what could not be proved is said in the notes.
// Numbers are read exactly, digit by digit; no float is involved.
//
// # Bad rows
//
// A row that cannot be read with certainty is never dropped in silence. By
// default one such row fails the file, and the error lists them all with line,
// column, value and remedy. With [Options.SkipBad] they are left out and
// listed. Read = Used + Skipped always holds.
//
// # Memory
//
// Files are read as a stream. Length of a record, number of columns and number
// of rows are bounded ([Options]), so that a hostile or broken file ends in an
// error instead of exhausting memory.
package crm
