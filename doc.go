// Package salesops holds the calendar vocabulary that the packages of this library share: dates, periods and fiscal
// calendars. It is also the map of the library.
//
// # From a question to a package
//
// Each package answers one question of sales operations, stands alone, and can be imported without the others:
//
//	what do we owe?           comp          plans, credits, statements and their explanation
//	what will we close?       forecast      pipeline, calls, ranges of outcomes, accuracy; forecast/series: time series
//	where do deals stall?     funnel        conversion, time to event, cohorts, event funnels, movement, slow points
//	how are we doing?         metrics       KPIs with definition and interval, scorecards, comparisons, recurring revenue
//	who should own it?        assignment    not yet written
//	is the load fair?         territory     not yet written
//
// # Dates
//
// A [Date] is a day without a time or a zone. The zero Date means "no date". Events with a time of day stay [time.Time];
// [DateOf] and [Date.Time] cross over, and where a day begins is then a matter of the location given.
//
// # Periods
//
// A [Period] is half-open: the first quarter of 2026 is 2026-01-01/2026-04-01. An end that is the zero Date is open. A period
// may be empty; an empty one never turns into an open one.
//
// # Calendars
//
// A [Calendar] cuts time into weeks, months, quarters, halves and fiscal years, and knows the days that are worked:
//
//	var year salesops.Calendar                                              // calendar years and months
//	federal := salesops.Calendar{FirstMonth: time.October}                  // FY2026: October 2025 to September 2026
//	nrf := salesops.Calendar{FirstMonth: time.February, Weeks: "4-5-4", NameByStart: true}
//	iso := salesops.Calendar{WeekStart: time.Monday}                        // weeks of ISO 8601
//
// [Calendar.Period] finds the unit that holds a date, [Calendar.Name] what it is called, and [Calendar.Parse] reads a name.
//
// The words where usage differs, and what they mean here:
//   - fiscal year: named by the calendar year in which it ends, unless NameByStart is set
//   - end of a 52/53-week year: the weekday nearest to the end of the month, unless EndInMonth is set
//   - 53rd week: the last week of the last month, unless Week53Month names another
//   - week of a month calendar: seven days that belong to the year with at least four of them, as in ISO 8601
//   - year ago: the unit with the same number, not restated after a year of 53 weeks
//   - whole months between dates: those completed, where the last day of a short month completes it
//
// # Limits and errors
//
// Dates run from year 1 to year 9999; what would lie outside is no date. Nothing here panics, reads a clock or keeps state,
// and all values may be used from many goroutines. An error is an [*Error], or several of them joined, with one of the causes
// [ErrDate], [ErrPeriod], [ErrCalendar] and [ErrName].
package salesops
