package salesops_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
)

// Published calendars. Last days are as published, so a period holds its last day and not the day after.

var (
	// National Retail Federation, 4-5-4 Calendar (nrf.com/resources/4-5-4-calendar).
	nrf = salesops.Calendar{FirstMonth: time.February, Weeks: "4-5-4", NameByStart: true}

	// Apple Inc., Form 10-K: "the 52- or 53-week period that ends on the last Saturday of September"; the extra week of
	// fiscal 2023 lies in its first quarter.
	apple = salesops.Calendar{FirstMonth: time.October, Weeks: "4-4-5", EndInMonth: true, Week53Month: 3}

	// Cisco Systems, Inc., Form 10-K: the 52 or 53 weeks that end on the last Saturday in July; the extra week of fiscal
	// 2016 lies in its third quarter.
	cisco = salesops.Calendar{FirstMonth: time.August, Weeks: "4-4-5", EndInMonth: true, Week53Month: 9}

	// United States government, 31 U.S.C. 1102: from October 1 to September 30, named by the year in which it ends.
	federal = salesops.Calendar{FirstMonth: time.October}
)

func TestPublishedCalendars(t *testing.T) {
	for _, tc := range []struct {
		source      string
		calendar    salesops.Calendar
		name        string
		first, last string
		weeks       int // 0: not published
	}{
		// NRF: "most recently occurred in FY'12 and FY'17 and will occur in FY'23"; before that FY'00 and FY'06.
		{"NRF", nrf, "FY2000", "2000-01-30", "2001-02-03", 53},
		{"NRF", nrf, "FY2006", "2006-01-29", "2007-02-03", 53},
		{"NRF", nrf, "FY2012", "2012-01-29", "2013-02-02", 53},
		{"NRF", nrf, "FY2016", "2016-01-31", "2017-01-28", 52},
		{"NRF", nrf, "FY2017", "2017-01-29", "2018-02-03", 53},
		{"NRF", nrf, "FY2022", "2022-01-30", "2023-01-28", 52},
		{"NRF", nrf, "FY2023", "2023-01-29", "2024-02-03", 53},
		{"NRF", nrf, "FY2024", "2024-02-04", "2025-02-01", 52},
		// The Buckle, Inc., which reports by this calendar: monthly sales releases of the months named, and Form 10-K for
		// fiscal 2023 ("14-week fiscal quarter ended February 3, 2024").
		{"Buckle, March 2024", nrf, "FY2023-M01", "2023-01-29", "2023-02-25", 4},
		{"Buckle, March 2023", nrf, "FY2023-M02", "2023-02-26", "2023-04-01", 5},
		{"Buckle, April 2023", nrf, "FY2023-M03", "2023-04-02", "2023-04-29", 4},
		{"Buckle, April 2023", nrf, "FY2023-Q1", "2023-01-29", "2023-04-29", 13},
		{"Buckle, May 2023", nrf, "FY2023-M04", "2023-04-30", "2023-05-27", 4},
		{"Buckle, September 2024", nrf, "FY2023-M08", "2023-08-27", "2023-09-30", 5},
		{"Buckle, October 2024", nrf, "FY2023-M09", "2023-10-01", "2023-10-28", 4},
		{"Buckle, October 2024", nrf, "FY2023-Q3", "2023-07-30", "2023-10-28", 13},
		{"Buckle, 2023 annual report", nrf, "FY2023-Q4", "2023-10-29", "2024-02-03", 14},
		{"Buckle, January 2024: a 5-week month", nrf, "FY2023-M12", "2023-12-31", "2024-02-03", 5},
		{"Buckle, February 2024", nrf, "FY2024-M01", "2024-02-04", "2024-03-02", 4},
		{"Buckle, March 2024", nrf, "FY2024-M02", "2024-03-03", "2024-04-06", 5},
		{"Buckle, April 2024", nrf, "FY2024-M03", "2024-04-07", "2024-05-04", 4},
		{"Buckle, April 2024", nrf, "FY2024-Q1", "2024-02-04", "2024-05-04", 13},
		{"Buckle, September 2024", nrf, "FY2024-M08", "2024-09-01", "2024-10-05", 5},
		{"Buckle, October 2024", nrf, "FY2024-M09", "2024-10-06", "2024-11-02", 4},
		{"Buckle, October 2024", nrf, "FY2024-Q3", "2024-08-04", "2024-11-02", 13},
		// Apple: years ended September 26, 2020, September 25, 2021, September 24, 2022 (the 30th was a Friday, so the
		// nearest Saturday would have been October 1) and September 30, 2023; quarter ended December 31, 2022.
		{"Apple 10-K", apple, "FY2021", "2020-09-27", "2021-09-25", 52},
		{"Apple 10-K", apple, "FY2022", "2021-09-26", "2022-09-24", 52},
		{"Apple 10-K", apple, "FY2023", "2022-09-25", "2023-09-30", 53},
		{"Apple 10-Q", apple, "FY2023-Q1", "2022-09-25", "2022-12-31", 14},
		// Cisco: year ended July 30, 2016; quarters ended January 23 and April 30, 2016, and January 28, 2017.
		{"Cisco 10-Q", cisco, "FY2016-Q2", "2015-10-25", "2016-01-23", 13},
		{"Cisco 10-Q", cisco, "FY2016-Q3", "2016-01-24", "2016-04-30", 14},
		{"Cisco 10-K", cisco, "FY2016-Q4", "2016-05-01", "2016-07-30", 13},
		{"Cisco 10-K", cisco, "FY2016", "2015-07-26", "2016-07-30", 53},
		{"Cisco 10-Q", cisco, "FY2017-Q2", "2016-10-30", "2017-01-28", 13},
		{"Cisco 10-K", cisco, "FY2017", "2016-07-31", "2017-07-29", 52},
		// Calendar months.
		{"31 U.S.C. 1102", federal, "FY2026", "2025-10-01", "2026-09-30", 0},
		{"31 U.S.C. 1102", federal, "FY2026-Q2", "2026-01-01", "2026-03-31", 0},
		{"calendar year", salesops.Calendar{}, "FY2024-H1", "2024-01-01", "2024-06-30", 0},
		{"calendar year", salesops.Calendar{}, "FY2024-M02", "2024-02-01", "2024-02-29", 0},
		// The weeks of the CDC: Sunday to Saturday; the first ends on the first Saturday of January that falls at least
		// four days into the month. January 3, 2015 is on the third day, so its week belongs to 2014.
		{"MMWR weeks", salesops.Calendar{}, "FY2014-W53", "2014-12-28", "2015-01-03", 1},
		{"MMWR weeks", salesops.Calendar{}, "FY2015-W01", "2015-01-04", "2015-01-10", 1},
	} {
		t.Run(tc.source+" "+tc.name, func(t *testing.T) {
			if err := tc.calendar.Check(); err != nil {
				t.Fatal(err)
			}
			want := salesops.Period{Start: on(tc.first), End: on(tc.last).AddDays(1)}
			u, got, err := tc.calendar.Parse(tc.name)
			if err != nil || got != want {
				t.Fatalf("Parse(%q) = %v, %v; want %v", tc.name, got, err, want)
			}
			for _, d := range []salesops.Date{want.Start, want.Last()} {
				if p := tc.calendar.Period(u, d); p != want {
					t.Errorf("Period(%s, %v) = %v, want %v", u, d, p, want)
				}
				if name := tc.calendar.Name(u, d); name != tc.name {
					t.Errorf("Name(%s, %v) = %q, want %q", u, d, name, tc.name)
				}
			}
			if days, _ := got.Days(); tc.weeks != 0 && days != 7*tc.weeks {
				t.Errorf("%d days, want %d weeks", days, tc.weeks)
			}
		})
	}
}

// Every day there is against the weeks of time.Time.
func TestISOWeeks(t *testing.T) {
	c := salesops.Calendar{WeekStart: time.Monday}
	for d := firstDate; !d.IsZero(); d = d.AddDays(1) {
		year, week := d.Time(time.UTC).ISOWeek()
		want := [...]byte{'F', 'Y', byte('0' + year/1000), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10), '-', 'W', byte('0' + week/10), byte('0' + week%10)}
		if got := c.Name(salesops.Week, d); got != string(want[:]) {
			t.Fatalf("%v: %s, want %s as of time.Time", d, got, want)
		}
	}
}

// naiveYear lists the units of the fiscal year whose nominal span starts in the year given, built week by week or month by
// month from the words of the documentation.
func naiveYear(c salesops.Calendar, year int) map[salesops.Unit][]salesops.Period {
	if c.FirstMonth == 0 {
		c.FirstMonth = time.January
	}
	// end returns the last day of the fiscal year.
	end := func(year int) salesops.Date {
		nominal := salesops.NewDate(year+1, c.FirstMonth, 0)
		lastWeekday := (c.WeekStart + 6) % 7
		d := nominal
		if !c.EndInMonth {
			d = nominal.AddDays(3)
		}
		for d.Weekday() != lastWeekday {
			d = d.AddDays(-1)
		}
		return d
	}
	add := map[salesops.Unit][]salesops.Period{}
	for d := end(year - 1).AddDays(1); !d.After(end(year)); d = d.AddDays(7) {
		add[salesops.Week] = append(add[salesops.Week], salesops.Period{Start: d, End: d.AddDays(7)})
	}
	var months []salesops.Period
	if c.Weeks == "" {
		for m := range time.Month(12) {
			months = append(months, salesops.Period{
				Start: salesops.NewDate(year, c.FirstMonth+m, 1), End: salesops.NewDate(year, c.FirstMonth+m+1, 1),
			})
		}
	} else {
		weeks := add[salesops.Week]
		next := 0
		for m := range 12 {
			n := int(c.Weeks[m%3*2] - '0')
			if extra := c.Week53Month; len(weeks) == 53 && (extra == m+1 || extra == 0 && m == 11) {
				n++
			}
			months = append(months, salesops.Period{Start: weeks[next].Start, End: weeks[next+n-1].End})
			next += n
		}
		if next != len(weeks) {
			panic("the months do not use up the weeks")
		}
	}
	for u, size := range map[salesops.Unit]int{salesops.Month: 1, salesops.Quarter: 3, salesops.Half: 6, salesops.Year: 12} {
		for group := range slices.Chunk(months, size) {
			add[u] = append(add[u], salesops.Period{Start: group[0].Start, End: group[size-1].End})
		}
	}
	return add
}

func TestCalendarAgainstNaive(t *testing.T) {
	letters := map[salesops.Unit]string{salesops.Week: "-W", salesops.Month: "-M", salesops.Quarter: "-Q", salesops.Half: "-H"}
	rapid.Check(t, func(t *rapid.T) {
		c := calendars(on("2026-01-01")).Draw(t, "calendar")
		year := rapid.IntRange(3, 9990).Draw(t, "year")
		label := year
		if c.FirstMonth > time.January && !c.NameByStart {
			label++
		}
		for u, want := range naiveYear(c, year) {
			for i, p := range want {
				name := "FY" + "000"[:4-len(itoa(label))] + itoa(label)
				if u != salesops.Year {
					number := itoa(i + 1)
					if (u == salesops.Week || u == salesops.Month) && i < 9 {
						number = "0" + number
					}
					name += letters[u] + number
				}
				for _, d := range []salesops.Date{p.Start, p.Start.AddDays(3), p.Last()} {
					if got := c.Period(u, d); got != p {
						t.Fatalf("Period(%s, %v) = %v, want %v", u, d, got, p)
					}
					if got := c.Name(u, d); got != name {
						t.Fatalf("Name(%s, %v) = %q, want %q", u, d, got, name)
					}
				}
			}
		}
	})
}

// The units of a calendar cut time without gap or overlap, and the larger are made up of the smaller.
func TestCalendarTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := inner().Draw(t, "d")
		c := calendars(d).Draw(t, "calendar")
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		year := c.Period(salesops.Year, d)
		for _, u := range units {
			p := c.Period(u, d)
			if !p.Contains(d) || p.Check() != nil {
				t.Fatalf("Period(%s, %v) = %v", u, d, p)
			}
			if next := c.Next(u, p); next.Start != p.End || c.Prev(u, next) != p {
				t.Fatalf("%s after %v: %v, and before that %v", u, p, next, c.Prev(u, next))
			}
			if prev := c.Prev(u, p); prev.End != p.Start || c.Next(u, prev) != p {
				t.Fatalf("%s before %v: %v, and after that %v", u, p, prev, c.Next(u, prev))
			}
			for _, whole := range units {
				if whole == salesops.Week || u == salesops.Week && c.Weeks == "" {
					continue // weeks run across calendar months
				}
				in := c.Period(whole, d)
				small, large := p, in
				if n, _ := p.Days(); n > func() int { n, _ := in.Days(); return n }() {
					small, large = in, p
				}
				if small.Intersect(large) != small {
					t.Fatalf("%s %v and %s %v run across each other", u, p, whole, in)
				}
			}
		}
		u := rapid.SampledFrom(units).Draw(t, "unit")
		p := salesops.Period{Start: d, End: d.AddDays(rapid.IntRange(1, 900).Draw(t, "days"))}
		if rapid.Bool().Draw(t, "whole year") {
			p = year
		}
		tiles := c.Tile(u, p)
		at := p.Start
		for i, tile := range tiles {
			whole := c.Period(u, tile.Start)
			if tile.Start != at || tile.IsEmpty() || tile != whole.Intersect(p) || i > 0 && i < len(tiles)-1 && tile != whole {
				t.Fatalf("Tile(%s, %v)[%d] = %v of %v", u, p, i, tile, tiles)
			}
			at = tile.End
		}
		if at != p.End {
			t.Fatalf("Tile(%s, %v) ends at %v", u, p, at)
		}
	})
}

func TestTileCounts(t *testing.T) {
	year := nrf.Period(salesops.Year, on("2023-06-01"))
	for u, want := range map[salesops.Unit]int{salesops.Week: 53, salesops.Month: 12, salesops.Quarter: 4, salesops.Half: 2, salesops.Year: 1} {
		if got := len(nrf.Tile(u, year)); got != want {
			t.Errorf("FY2023 has %d of %s, want %d", got, u, want)
		}
	}
	open := salesops.Period{Start: on("2026-01-01")}
	for name, got := range map[string][]salesops.Period{
		"open":    nrf.Tile(salesops.Month, open),
		"empty":   nrf.Tile(salesops.Month, span("2026-01-01", "2026-01-01")),
		"no unit": nrf.Tile("day", year),
	} {
		if got != nil {
			t.Errorf("%s: %v, want nil", name, got)
		}
	}
	if got := len(salesops.Calendar{}.Tile(salesops.Week, salesops.Period{Start: firstDate, End: lastDate})); got != 521723 {
		t.Errorf("%d weeks touch the years 1 to 9999 short of a day, want 521723 = ceil(3652064/7)", got)
	}
}

func TestCalendarLimits(t *testing.T) {
	c := salesops.Calendar{FirstMonth: time.February}
	if got := c.Period(salesops.Year, firstDate); got != (salesops.Period{End: on("0001-02-01")}) {
		t.Errorf("the year of the first date: %v", got)
	}
	last := c.Period(salesops.Quarter, lastDate)
	if last != (salesops.Period{Start: on("9999-11-01")}) {
		t.Errorf("the quarter of the last date: %v", last)
	}
	if got := c.Next(salesops.Quarter, last); !got.IsEmpty() {
		t.Errorf("the quarter after the last: %v", got)
	}
	first := salesops.Calendar{}.Period(salesops.Month, firstDate)
	if got := c.Prev(salesops.Month, first); !got.IsEmpty() {
		t.Errorf("the month before the first: %v", got)
	}
	if got := c.YearAgo(salesops.Month, first); !got.IsEmpty() {
		t.Errorf("a year before the first month: %v", got)
	}
	if got := c.Period(salesops.Month, salesops.Date{}); !got.IsEmpty() {
		t.Errorf("the month of no date: %v", got)
	}
	if got := c.YearAgo(salesops.Month, salesops.Period{}); !got.IsEmpty() {
		t.Errorf("a year before all time: %v", got)
	}
	if got := c.YearAgo(salesops.Month, salesops.Period{End: on("2026-04-01")}); got != span("2025-03-01", "2025-04-01") {
		t.Errorf("a year before the month that ends an open period: %v", got)
	}
	if got := c.YearAgo(salesops.Month, salesops.Period{Start: on("2026-04-01")}); got != span("2025-04-01", "2025-05-01") {
		t.Errorf("a year before the month that starts an open period: %v", got)
	}
	if got := c.Next(salesops.Month, span("2026-04-01", "2026-04-01")); !got.IsEmpty() {
		t.Errorf("after an empty period: %v", got)
	}
	if got := c.Prev(salesops.Month, span("2026-04-01", "2026-04-01")); !got.IsEmpty() {
		t.Errorf("before an empty period: %v", got)
	}
}

func TestYearAgo(t *testing.T) {
	for _, tc := range []struct {
		name     string
		calendar salesops.Calendar
		of, want string
	}{
		{"a quarter", federal, "FY2026-Q1", "FY2025-Q1"},
		{"February after a leap year", salesops.Calendar{}, "FY2025-M02", "FY2024-M02"},
		{"a retail month after 53 weeks", nrf, "FY2024-M01", "FY2023-M01"},
		{"week 1 after 53 weeks", nrf, "FY2024-W01", "FY2023-W01"},
		{"week 52 after 53 weeks", nrf, "FY2024-W52", "FY2023-W52"},
		{"week 53 falls on week 52", nrf, "FY2023-W53", "FY2022-W52"},
		{"a quarter of 14 weeks", nrf, "FY2023-Q4", "FY2022-Q4"},
		{"a year", nrf, "FY2024", "FY2023"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			u, p, err := tc.calendar.Parse(tc.of)
			if err != nil {
				t.Fatal(err)
			}
			_, want, err := tc.calendar.Parse(tc.want)
			if err != nil {
				t.Fatal(err)
			}
			if got := tc.calendar.YearAgo(u, p); got != want {
				t.Errorf("YearAgo(%s) = %v, want %v", tc.of, got, want)
			}
		})
	}
	// The restated comparison of The Buckle, April 2024: "compared to the 4-week and 13-week periods ended May 6, 2023".
	_, april, _ := nrf.Parse("FY2024-M03")
	restated := salesops.Period{Start: april.Start.AddDays(-364), End: april.End.AddDays(-364)}
	if restated.Last() != on("2023-05-06") {
		t.Errorf("April 2024 restated: %v", restated)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := inner().Draw(t, "d")
		c := calendars(d).Draw(t, "calendar")
		u := rapid.SampledFrom(units).Draw(t, "unit")
		p := c.Period(u, d)
		ago := c.YearAgo(u, p)
		// The number stays; the name of the year goes down by one.
		was, is := c.Name(u, ago.Start), c.Name(u, p.Start)
		if was[6:] != is[6:] && (is[6:] != "-W53" || was[6:] != "-W52") {
			t.Fatalf("%s a year ago: %s", is, was)
		}
		if number(was[2:6])+1 != number(is[2:6]) {
			t.Fatalf("%s a year ago: %s", is, was)
		}
	})
}

func number(s string) (n int) {
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dates().Draw(t, "d")
		c := rapid.OneOf(calendars(d), hostileCalendars()).Draw(t, "calendar")
		u := rapid.SampledFrom(units).Draw(t, "unit")
		name := c.Name(u, d)
		gotUnit, got, err := c.Parse(name)
		if err != nil || gotUnit != u || got != c.Period(u, d) {
			t.Fatalf("%v is in %s %q, which reads as %s %v, %v; want %v", d, u, name, gotUnit, got, err, c.Period(u, d))
		}
		if next := c.Next(u, got); !next.IsEmpty() && len(name) == len(c.Name(u, next.Start)) && name >= c.Name(u, next.Start) {
			t.Fatalf("%q does not sort before %q", name, c.Name(u, next.Start))
		}
	})
}

func TestParseErrors(t *testing.T) {
	for _, name := range []string{
		"", "FY", "FY26", "2026", "fy2026", "FY2026-", "FY2026-Q", "FY2026-Q0", "FY2026-Q5", "FY2026-Q01", "FY2026-q1",
		"FY2026-M1", "FY2026-M00", "FY2026-M13", "FY2026-M001", "FY2026-W1", "FY2026-W00", "FY2026-W99", "FY2026-H3",
		"FY2026-H0", "FY2026Q1", "FY2026 Q1", "FY2026-X1", "FY2026-D001", "FY2026-Q1 ", "FY2026-Qa", "FY202a", "FY20260",
		"FY10001", "FY0000", "FY00001", "FY99999999999999999999", "FY2026-W9999999999999999999", "FY-001-Q1", "FY2026-W53",
	} {
		u, p, err := nrf.Parse(name)
		var e *salesops.Error
		if !errors.Is(err, salesops.ErrName) || !errors.As(err, &e) || e.Path != "name" || u != "" || p != (salesops.Period{}) {
			if name == "FY0000" && err == nil && p == (salesops.Period{End: on("0001-02-04")}) {
				continue // January of year 1 belongs to it
			}
			t.Errorf("Parse(%q) = %q, %v, %v; want ErrName", name, u, p, err)
		}
	}
	_, _, err := nrf.Parse("FY2024-W53")
	want := `salesops: name: that fiscal year has the numbers 1 to 52 of this unit (got "FY2024-W53")`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error text (-want +got):\n%s", diff)
	}
}

func FuzzCalendarParse(f *testing.F) {
	for _, name := range []string{"FY2026", "FY2026-H1", "FY2026-Q4", "FY2026-M12", "FY2023-W53", "FY0000", "FY10000-Q1", "FY2026-W00", ""} {
		f.Add(name, 2, byte(2), 0, false, 0, false)
		f.Add(name, 0, byte(0), 1, true, 3, true)
	}
	f.Fuzz(func(t *testing.T, name string, firstMonth int, pattern byte, weekStart int, endInMonth bool, week53Month int, nameByStart bool) {
		c := salesops.Calendar{
			FirstMonth: time.Month(firstMonth), Weeks: patterns[int(pattern)%len(patterns)], WeekStart: time.Weekday(weekStart),
			EndInMonth: endInMonth, Week53Month: week53Month, NameByStart: nameByStart,
		}
		u, p, err := c.Parse(name)
		if err != nil {
			if !errors.Is(err, salesops.ErrName) || u != "" || p != (salesops.Period{}) {
				t.Fatalf("Parse(%q) = %q, %v, %v", name, u, p, err)
			}
			return
		}
		d := p.Start
		if d.IsZero() {
			d = p.Last()
		}
		if got := c.Name(u, d); got != name || c.Period(u, d) != p {
			t.Fatalf("%q is %s %v; that is %q, %v", name, u, p, got, c.Period(u, d))
		}
	})
}

func TestCalendarCheck(t *testing.T) {
	most := salesops.Calendar{
		FirstMonth: 12, Weeks: "5-4-4", WeekStart: 6, Week53Month: 12, Holidays: []salesops.Date{firstDate},
		Weekend: []time.Weekday{0, 1, 2, 4, 5, 6, 6},
	}
	for _, c := range []salesops.Calendar{{}, nrf, apple, cisco, federal, most, {Weekend: []time.Weekday{}}} {
		if err := c.Check(); err != nil {
			t.Errorf("Check() = %v", err)
		}
	}
	bad := salesops.Calendar{
		FirstMonth: 13, Weeks: "4-4-4", WeekStart: 7, Week53Month: -1, Holidays: []salesops.Date{on("2026-01-01"), {}},
		Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6, 9},
	}
	err := bad.Check()
	want := `salesops: calendar.firstMonth: want a month from 1 to 12, or 0 for January (got 13)
salesops: calendar.weeks: want "4-4-5", "4-5-4" or "5-4-4", or "" for calendar months (got "4-4-4")
salesops: calendar.weekStart: want a weekday from 0 (Sunday) to 6 (Saturday) (got 7)
salesops: calendar.week53Month: want a fiscal month from 1 to 12, or 0 for the last (got -1)
salesops: calendar.holidays[1]: want a date (got "")
salesops: calendar.weekend[7]: want a weekday from 0 (Sunday) to 6 (Saturday) (got 9)
salesops: calendar.weekend: leave at least one weekday to work (got all seven weekdays)`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error text (-want +got):\n%s", diff)
	}
	var e *salesops.Error
	if !errors.Is(err, salesops.ErrCalendar) || !errors.As(err, &e) || e.Path != "calendar.firstMonth" {
		t.Errorf("Check() = %v, want ErrCalendar", err)
	}
	// Settings without meaning count as their zero value.
	bad.Weekend, bad.Holidays = nil, nil
	for _, u := range units {
		for d := on("2025-12-20"); d.Before(on("2027-01-10")); d = d.AddDays(1) {
			if got, want := bad.Name(u, d), (salesops.Calendar{}).Name(u, d); got != want {
				t.Fatalf("%v: %s, want %s", d, got, want)
			}
		}
	}
}

func TestCalendarJSON(t *testing.T) {
	c := nrf
	c.Holidays, c.Weekend = []salesops.Date{on("2026-12-25")}, []time.Weekday{}
	for want, c := range map[string]salesops.Calendar{
		`{}`: {},
		`{"firstMonth":2,"weeks":"4-5-4","nameByStart":true,"holidays":["2026-12-25"],"weekend":[]}`: c,
	} {
		text, err := json.Marshal(c)
		if err != nil || string(text) != want {
			t.Errorf("JSON: %s, %v; want %s", text, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := calendars(on("2026-01-01")).Draw(t, "calendar")
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var got salesops.Calendar
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Fatalf("after JSON %s (-want +got):\n%s", text, diff)
		}
	})
}

func TestSpreadsheetBusinessDays(t *testing.T) {
	// NETWORKDAYS counts both ends.
	for _, tc := range []struct {
		source, first, last string
		holidays            []salesops.Date
		want                int
	}{
		{"Microsoft, NETWORKDAYS", "2012-10-01", "2013-03-01", nil, 110},
		{"Microsoft, NETWORKDAYS", "2012-10-01", "2013-03-01", []salesops.Date{on("2012-11-22")}, 109},
		{"Microsoft, NETWORKDAYS", "2012-10-01", "2013-03-01", []salesops.Date{on("2013-01-21"), on("2012-11-22"), on("2012-12-04")}, 107},
		{"Excel 2013 Inside Out, table 15-4", "2014-01-15", "2014-06-30", nil, 119},
		{"Excel formulas: functions, ch. 7", "2010-12-12", "2011-06-02", []salesops.Date{
			on("2010-12-25"), on("2011-01-01"), on("2011-01-17"), on("2011-02-21"), on("2011-05-30"), on("2011-07-04"),
		}, 121},
	} {
		c := salesops.Calendar{Holidays: tc.holidays}
		p := salesops.Period{Start: on(tc.first), End: on(tc.last).AddDays(1)}
		if got, ok := c.BusinessDays(p); got != tc.want || !ok {
			t.Errorf("%s: BusinessDays(%v) = %d, %v; want %d", tc.source, p, got, ok, tc.want)
		}
	}
	for _, tc := range []struct {
		source, from string
		n            int
		holidays     []salesops.Date
		want         string
	}{
		{"Microsoft, WORKDAY", "2008-10-01", 151, nil, "2009-04-30"},
		{"Microsoft, WORKDAY", "2008-10-01", 151, []salesops.Date{on("2008-11-26"), on("2008-12-04"), on("2009-01-21")}, "2009-05-05"},
		{"OpenFormula 6.10.22: offset 0 returns the date", "2026-01-03", 0, nil, "2026-01-03"},
	} {
		c := salesops.Calendar{Holidays: tc.holidays}
		if got := c.AddBusinessDays(on(tc.from), tc.n); got != on(tc.want) {
			t.Errorf("%s: AddBusinessDays(%s, %d) = %v, want %s", tc.source, tc.from, tc.n, got, tc.want)
		}
	}
}

// Business days by the arithmetic of weeks against a look at every day.
func TestBusinessDaysAgainstLoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dates().Draw(t, "d")
		c := calendars(d).Draw(t, "calendar")
		holidays := slices.Clone(c.Holidays)
		worked := func(d salesops.Date) bool {
			weekend := c.Weekend
			if weekend == nil {
				weekend = []time.Weekday{time.Saturday, time.Sunday}
			}
			return !slices.Contains(weekend, d.Weekday()) && !slices.Contains(holidays, d)
		}
		start := d.AddDays(rapid.IntRange(-40, 0).Draw(t, "before"))
		if start.IsZero() {
			start = firstDate
		}
		end := d.AddDays(rapid.IntRange(0, 60).Draw(t, "after"))
		if end.IsZero() {
			end = lastDate
		}
		want := 0
		for e := start; e.Before(end); e = e.AddDays(1) {
			if worked(e) {
				want++
			}
			if c.IsBusinessDay(e) != worked(e) {
				t.Fatalf("IsBusinessDay(%v) = %v", e, c.IsBusinessDay(e))
			}
		}
		if got, ok := c.BusinessDays(salesops.Period{Start: start, End: end}); got != want || !ok {
			t.Fatalf("BusinessDays of %v to %v = %d, %v; want %d", start, end, got, ok, want)
		}
		n := rapid.IntRange(-40, 40).Draw(t, "n")
		step, left := 1, n
		if n < 0 {
			step, left = -1, -n
		}
		at := start
		for left > 0 && !at.IsZero() {
			if at = at.AddDays(step); worked(at) {
				left--
			}
		}
		if got := c.AddBusinessDays(start, n); got != at {
			t.Fatalf("AddBusinessDays(%v, %d) = %v, want %v", start, n, got, at)
		}
		if diff := cmp.Diff(holidays, c.Holidays); diff != "" {
			t.Fatalf("the holidays were changed (-want +got):\n%s", diff)
		}
	})
}

func TestBusinessDaysLimits(t *testing.T) {
	var c salesops.Calendar
	if n, ok := c.BusinessDays(salesops.Period{Start: on("2026-01-01")}); n != 0 || ok {
		t.Errorf("BusinessDays of an open period = %d, %v", n, ok)
	}
	if n, ok := c.BusinessDays(span("2026-02-01", "2026-01-01")); n != 0 || !ok {
		t.Errorf("BusinessDays of an empty period = %d, %v", n, ok)
	}
	// 0001-01-01 was a Monday and 9999-12-31 is a Friday: 521722 weeks and five days.
	if n, ok := c.BusinessDays(salesops.Period{Start: firstDate, End: lastDate}); n != 521722*5+4 || !ok {
		t.Errorf("BusinessDays of all years = %d, %v", n, ok)
	}
	if got := c.AddBusinessDays(firstDate, 521722*5+4); got != lastDate {
		t.Errorf("the last business day is %v", got)
	}
	if got := c.AddBusinessDays(firstDate, 521722*5+5); !got.IsZero() {
		t.Errorf("the day after the last business day is %v", got)
	}
	if got := c.AddBusinessDays(firstDate, -1); !got.IsZero() {
		t.Errorf("the day before the first business day is %v", got)
	}
	if c.IsBusinessDay(salesops.Date{}) || !c.AddBusinessDays(salesops.Date{}, 1).IsZero() {
		t.Errorf("no date is a business day")
	}
	never := salesops.Calendar{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
	if got := never.AddBusinessDays(firstDate, 1); !got.IsZero() {
		t.Errorf("without working days: %v", got)
	}
	if n, ok := never.BusinessDays(span("2026-01-01", "2027-01-01")); n != 0 || !ok {
		t.Errorf("without working days: %d, %v", n, ok)
	}
}

func TestCalendarAllocs(t *testing.T) {
	d := on("2026-01-15")
	for _, c := range []salesops.Calendar{federal, nrf} {
		c.Holidays = []salesops.Date{on("2026-01-01"), on("2026-12-25")}
		for _, u := range units {
			if got := testing.AllocsPerRun(100, func() { sinkPeriod = c.YearAgo(u, c.Next(u, c.Period(u, d))) }); got != 0 {
				t.Errorf("Period, Next and YearAgo of %s: %v allocations, want none", u, got)
			}
		}
		p := span("2026-01-01", "2027-01-01")
		if got := testing.AllocsPerRun(100, func() { sinkInt, _ = c.BusinessDays(p); sinkDate = c.AddBusinessDays(d, 20) }); got != 0 {
			t.Errorf("business days: %v allocations, want none", got)
		}
	}
}
