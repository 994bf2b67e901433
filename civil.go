package salesops

// Day numbers: 1 is 0001-01-01, a Monday, so that a day number modulo 7 is its time.Weekday.
const (
	minDay = 1
	maxDay = 3652059 // 9999-12-31
)

// civilOf returns the year, month (1..12) and day of a day number in minDay..maxDay.
//
// Both directions are the Euclidean affine functions of C. Neri and L. Schneider, "Euclidean affine functions and their
// application to calendar algorithms", Software: Practice and Experience 53 (2023), doi:10.1002/spe.3172. They count from
// 1 March of year 0, which is 305 days before day 0 here, in years that start in March.
func civilOf(n int) (year, month, day int) {
	n1 := 4*uint32(n+305) + 3
	century := n1 / 146097
	n2 := n1%146097 | 3
	p2 := 2939745 * uint64(n2)
	yearOfCentury := uint32(p2 >> 32)
	dayOfYear := uint32(p2) / 2939745 / 4
	n3 := 2141*dayOfYear + 197913
	year = int(100*century + yearOfCentury)
	month = int(n3 >> 16)
	day = int(n3&0xffff/2141) + 1
	if dayOfYear >= 306 { // January and February belong to the next civil year
		year++
		month -= 12
	}
	return year, month, day
}

// dayOf returns the day number of a civil date with year in -399..1e6, month in 1..12 and any small day: the result is
// that of day 1 plus day-1.
func dayOf(year, month, day int) int {
	year += 400 // a whole cycle, so that all below is unsigned
	if month <= 2 {
		year--
		month += 12
	}
	y, m := uint32(year), uint32(month)
	century := y / 100
	return int(1461*y/4-century+century/4+(979*m-2919)/32) + day - 1 - 305 - 146097
}

// dayOfMonth returns the day number of the first day of month m, counted from 0 in January of year 0 (months may be
// negative, down to -4000).
func dayOfMonth(m int) int {
	m += 12 * 400
	return dayOf(m/12-400, m%12+1, 1)
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}
