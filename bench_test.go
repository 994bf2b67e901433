package salesops_test

import (
	"testing"
	"time"

	"github.com/salesops-go/salesops"
)

// Yardstick of the date benchmarks: time.Date and Time.Date of the standard library, see BenchmarkStdlib.

var (
	sinkDate   salesops.Date
	sinkPeriod salesops.Period
	sinkInt    int
	sinkString string
	sinkTime   time.Time
)

func BenchmarkNewDate(b *testing.B) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		sinkDate = salesops.NewDate(2000+i&31, time.Month(1+i%12), 1+i&31)
	}
}

func BenchmarkCivil(b *testing.B) {
	b.ReportAllocs()
	d := salesops.NewDate(2026, 1, 1)
	i := 0
	for b.Loop() {
		i++
		y, m, day := d.AddDays(i & 4095).Civil()
		sinkInt = y + int(m) + day
	}
}

func BenchmarkStdlib(b *testing.B) {
	b.Run("Date", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			sinkTime = time.Date(2000+i&31, time.Month(1+i%12), 1+i&31, 0, 0, 0, 0, time.UTC)
		}
	})
	b.Run("Civil", func(b *testing.B) {
		b.ReportAllocs()
		t := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		i := 0
		for b.Loop() {
			i++
			y, m, day := t.Add(time.Duration(i&4095) * 24 * time.Hour).Date()
			sinkInt = y + int(m) + day
		}
	})
}

func BenchmarkParseDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sinkDate, _ = salesops.ParseDate("2026-02-28")
	}
}

func BenchmarkString(b *testing.B) {
	b.ReportAllocs()
	d := salesops.NewDate(2026, 2, 28)
	for b.Loop() {
		sinkString = d.String()
	}
}

func BenchmarkAddMonths(b *testing.B) {
	b.ReportAllocs()
	d := salesops.NewDate(2026, 1, 31)
	i := 0
	for b.Loop() {
		i++
		sinkDate = d.AddMonths(i & 127)
	}
}

func BenchmarkMonthsSince(b *testing.B) {
	b.ReportAllocs()
	d := salesops.NewDate(2026, 1, 31)
	i := 0
	for b.Loop() {
		i++
		sinkInt = d.AddDays(i & 4095).MonthsSince(d)
	}
}

var benchCalendars = []struct {
	name string
	salesops.Calendar
}{
	{"months", salesops.Calendar{FirstMonth: time.February}},
	{"weeks", salesops.Calendar{FirstMonth: time.February, Weeks: "4-5-4", NameByStart: true}},
}

func BenchmarkPeriod(b *testing.B) {
	for _, c := range benchCalendars {
		for _, u := range units {
			b.Run(c.name+"/"+string(u), func(b *testing.B) {
				b.ReportAllocs()
				d := salesops.NewDate(2026, 1, 1)
				i := 0
				for b.Loop() {
					i++
					sinkPeriod = c.Period(u, d.AddDays(i&4095))
				}
			})
		}
	}
}

func BenchmarkName(b *testing.B) {
	for _, c := range benchCalendars {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			d := salesops.NewDate(2026, 1, 1)
			for b.Loop() {
				sinkString = c.Name(salesops.Quarter, d)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, c := range benchCalendars {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, sinkPeriod, _ = c.Parse("FY2026-Q1")
			}
		})
	}
}

// The time of BusinessDays and AddBusinessDays may depend on the number of holidays only, not on the days crossed.
func BenchmarkBusinessDays(b *testing.B) {
	start := salesops.NewDate(2026, 1, 1)
	for _, holidays := range []int{0, 10, 100, 1000} {
		var c salesops.Calendar
		for i := range holidays {
			c.Holidays = append(c.Holidays, start.AddDays(36*i))
		}
		name := "holidays=" + itoa(holidays)
		for _, days := range []int{90, 36500} {
			p := salesops.Period{Start: start, End: start.AddDays(days)}
			b.Run(name+"/count/days="+itoa(days), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sinkInt, _ = c.BusinessDays(p)
				}
			})
			b.Run(name+"/add/days="+itoa(days), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sinkDate = c.AddBusinessDays(start, days)
				}
			})
		}
	}
}

func BenchmarkTile(b *testing.B) {
	p := salesops.Period{Start: salesops.NewDate(2026, 1, 15), End: salesops.NewDate(2036, 1, 15)}
	for _, c := range benchCalendars {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sinkInt = len(c.Tile(salesops.Month, p))
			}
		})
	}
}
