package crm

import (
	"fmt"
	"io"
	"time"
)

// A Move says that an opportunity came to a stage, or, in the log of any process, that an activity took place in a case.
type Move struct {
	Case     string // the ID of the opportunity
	Activity string // the stage, as given
	At       time.Time
	By       string // who did it; may be empty
	File     string
	Line     int
}

// moveColumns is the header of a history.
const moveColumns = "case,activity,time,by?"

// LogColumns names the columns of a history, in any case. Those that are empty are found by the usual names.
type LogColumns struct {
	Case     string // else case, opportunity, case id, opportunity id, case_id or case:concept:name
	Activity string // else activity, stage or concept:name
	Time     string // else time, at, timestamp, time:timestamp or complete timestamp
	By       string // else by, resource or org:resource; may be missing
}

// ReadHistory reads a stage history, or any event log: a row says that an opportunity came to a stage. Rows may stand in
// any order. Times are written 2026-01-31T09:30:00Z (RFC 3339), or with a blank for the T, slashes in the date, without
// seconds, without a zone (then UTC), or as a day alone. Errors are those of [Read]; a row is bad if a cell other than
// by is missing, or the time cannot be read.
func ReadHistory(r io.Reader, name string, columns LogColumns, opt Options) (List[Move], error) {
	s, err := openSheet(r, name, opt)
	if err != nil {
		return List[Move]{}, err
	}
	for _, c := range []struct{ given, key string }{
		{columns.Case, "case"}, {columns.Activity, "activity"}, {columns.Time, "time"}, {columns.By, "by"},
	} {
		if c.given == "" {
			continue
		}
		i := s.column(headerKey(c.given))
		if i < 0 {
			return List[Move]{}, fmt.Errorf("%w: %s: there is no column %q; found %s", ErrFormat, name, c.given, found(s.header))
		}
		if j := s.column(c.key); j >= 0 {
			s.keys[j] = ""
		}
		s.keys[i] = c.key
	}
	return readRows(s, moveColumns, (*listReader).move)
}

func (l *listReader) move() Move {
	m := Move{Case: l.need("case"), Activity: l.need("activity"), By: l.text("by"), File: l.name, Line: l.line}
	text := l.need("time")
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05Z07:00", time.DateTime, time.DateOnly, "2006-01-02 15:04",
		"2006-01-02T15:04:05", "2006/01/02 15:04:05", "2006/01/02",
	} {
		if at, err := time.Parse(layout, text); err == nil {
			m.At = at
			return m
		}
	}
	if text != "" {
		l.complain("time", "not a time: write 2026-01-31T09:30:00Z, or 2026-01-31 09:30 for UTC")
	}
	return m
}
