package forecast

import "github.com/salesops-go/salesops"

// Closing says how likely a deal that is open at the end of the day asOf is to be won on one of the days after it, up to and
// with the day through; ok is false if it cannot say. [CloseCurve.ByAge], [CloseCurve.ByDay] and [CloseClock.Closing] make
// one. Any function of this kind serves: one that picks a curve by segment or stage, or a calibrated score.
//
// For deals that are still to be created it is asked with a Deal that holds nothing but the day Created, the day after asOf.
type Closing func(d Deal, asOf, through salesops.Date) (p float64, ok bool)

// ByAge returns the Closing of a curve by age, fitted to [AgeSpells]. It can say nothing of a deal without a creation date.
func (c CloseCurve) ByAge() Closing {
	return func(d Deal, asOf, through salesops.Date) (float64, bool) {
		if d.Created.IsZero() || asOf.IsZero() || through.IsZero() {
			return 0, false
		}
		return c.Win(asOf.DaysSince(d.Created), through.DaysSince(asOf)), true
	}
}

// ByDay returns the Closing of a curve by the day of the period, fitted to [PeriodSpells], for a period that starts on that
// day. It is the same for all deals that are open; on days before start it counts no wins.
func (c CloseCurve) ByDay(start salesops.Date) Closing {
	return func(_ Deal, asOf, through salesops.Date) (float64, bool) {
		if start.IsZero() || asOf.IsZero() || through.IsZero() {
			return 0, false
		}
		return c.Win(asOf.DaysSince(start), through.DaysSince(asOf)), true
	}
}
