package funnel

import (
	"math"
	"slices"
	"time"

	"github.com/salesops-go/salesops"
)

// Clock returns the number of whole ticks from one time to another, negative if to is before from. It must not fall as to
// rises. [Hours] is one; [CalendarDays] and [BusinessDays] make others, and so may the caller.
type Clock func(from, to time.Time) int

// Hours is the [Clock] of whole hours elapsed, rounded down: 59 minutes are 0, and a second backwards is -1. Hours are those
// of a stopwatch, whatever the clocks on the wall do.
func Hours(from, to time.Time) int { return elapsed(from, to, 3600) }

// Minutes is the [Clock] of whole minutes elapsed, rounded down like [Hours]. [MaxTick] of them are two years.
func Minutes(from, to time.Time) int { return elapsed(from, to, 60) }

// CalendarDays returns the [Clock] that counts midnights: the days from the civil date of from to that of to, as they are
// at loc; nil is UTC. A deal of 23:50 is one day old at 00:10, and a day on which clocks change is a day. In an hour that
// comes twice because clocks go back across midnight the date is the later one, so that the clock never falls.
func CalendarDays(loc *time.Location) Clock {
	loc = orUTC(loc)
	return func(from, to time.Time) int { return clampInt(dayAt(to, loc) - dayAt(from, loc)) }
}

// BusinessDays returns the [Clock] that counts business days: those of the calendar after the day of from, up to and with the
// day of to, the days being those at loc; nil is UTC. From Friday to Monday it is 1, and so it is from Saturday or Sunday:
// what begins on a weekend or holiday is as old as if it had begun on the last business day before. It is additive:
// from a to b and from b to c make from a to c. If the calendar has no day that is worked it is always 0.
//
// The clock takes O(log n) for n holidays, however long the time.
func BusinessDays(cal salesops.Calendar, loc *time.Location) Clock {
	loc = orUTC(loc)
	weekly := cal
	weekly.Holidays = nil
	var worked [8]int64 // weekdays worked among the first of a week that starts on a Monday
	for i := range 7 {
		worked[i+1] = worked[i]
		if weekly.IsBusinessDay(firstDate().AddDays(i)) {
			worked[i+1]++
		}
	}
	var holidays []int64
	for _, h := range cal.Holidays {
		if weekly.IsBusinessDay(h) {
			holidays = append(holidays, int64(h.DaysSince(firstDate())))
		}
	}
	slices.Sort(holidays)
	holidays = slices.Compact(holidays)
	// position counts the business days up to a day, from a day far back.
	position := func(day int64) int64 {
		week := floorDiv(day, 7)
		off, _ := slices.BinarySearch(holidays, day+1)
		return week*worked[7] + worked[day-7*week+1] - int64(off)
	}
	return func(from, to time.Time) int { return clampInt(position(dayAt(to, loc)) - position(dayAt(from, loc))) }
}

// firstDate is day 0 of dayAt, a Monday.
func firstDate() salesops.Date { return salesops.NewDate(1, time.January, 1) }

// dayAt returns the number of the civil date of t at loc, counted from [firstDate].
func dayAt(t time.Time, loc *time.Location) int64 {
	day := civilDay(t.In(loc))
	if loc == time.UTC {
		return day
	}
	// Clocks may have gone back across midnight: then the later date had begun already.
	start, _ := t.In(loc).ZoneBounds()
	if !start.IsZero() && t.Unix()-start.Unix() < 2*86400 {
		day = max(day, civilDay(start.Add(-1)))
	}
	return day
}

// civilDay returns the number of the date that t shows.
func civilDay(t time.Time) int64 {
	const toYear1 = 719162 // days from 0001-01-01 to 1970-01-01
	_, offset := t.Zone()
	return floorDiv(seconds(t)+int64(offset), 86400) + toYear1
}

// elapsed returns the number of whole units between two times, of so many seconds each.
func elapsed(from, to time.Time, unit int64) int {
	s := seconds(to) - seconds(from)
	if to.Nanosecond() < from.Nanosecond() {
		s--
	}
	return clampInt(floorDiv(s, unit))
}

// seconds returns t in seconds, held within a billion years so that differences do not overflow.
func seconds(t time.Time) int64 {
	const most = 1 << 55
	return min(max(t.Unix(), -most), most)
}

// floorDiv returns a / b, rounded down; b is positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// clampInt returns n, or the nearest int where an int has 32 bits.
func clampInt(n int64) int { return int(min(max(n, math.MinInt), math.MaxInt)) }

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}
