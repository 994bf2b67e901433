package funnel

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/fault"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// Incidence returns the share of the spells that is expected to have ended by an exit up to and with each tick, when the other
// exits compete for them: the chance of a deal to be won within 30, 60, 90 days. It is the estimate of Aalen and Johansen
// (1978), which adds up: [Lifetimes.Survival] and the incidences of all exits sum to 1 at every tick. It takes O(n) time for n
// different ticks.
//
// Deals still open count as undecided for as long as they were watched. Neither of the usual shortcuts does that: the share
// won of all deals takes them for lost, and the share won of those closed takes them for like the closed. To take
// lost deals for undecided, as one minus a Kaplan-Meier curve of the wins does, always overstates: it is the chance in a world
// in which no deal is ever lost.
//
// The standard error is that of the delta method (Marubini and Valsecchi 1995, chapter 10). It equals the infinitesimal
// jackknife of R's survival if all spells are watched from their start, and comes close if some enter late; R's cmprsk takes a
// formula of Aalen that differs where few are at risk. What [Lifetimes.Survival] says of late entry holds here too. If no
// spell ended by Won, Lost, Left, Advanced or Regressed so far, its incidence is 0.
//
// Incidence returns an error if:
//   - there is no spell ([ErrUndefined])
//   - by is "" or Open, or an exit of the caller's own by which no spell ended, as it may be misspelt ([ErrInput])
//   - the level or method of ci is not one ([ErrInput])
func (l *Lifetimes) Incidence(by Exit, ci CI) (Curve, error) {
	lim, err := ci.limits()
	if err != nil {
		return Curve{}, err
	}
	if l.Len() == 0 {
		return Curve{}, errNoSpells()
	}
	cause, err := l.ending(by)
	if err != nil {
		return Curve{}, err
	}
	return l.curve(IncidenceCurve, by, lim, l.h.AalenJohansen(cause))
}

// ending returns the cause that stands for an exit, one that ended no spell if none ended by it so far: that is 0, in a young
// cohort as in a small group. What differs from an exit of deals only in case or blanks is taken for what it is, a slip.
func (l *Lifetimes) ending(by Exit) (lifetime.Cause, error) {
	if c, ok := l.cause(by); ok {
		return c, nil
	}
	if by.isOpen() {
		return 0, &Error{Path: "by", Value: string(by), Msg: "must be an exit that ends spells, such as won", Err: ErrInput}
	}
	if !utf8.ValidString(string(by)) {
		return 0, &Error{Path: "by", Value: fault.Clip(string(by)), Msg: "must be valid UTF-8", Err: ErrInput}
	}
	for _, known := range []Exit{Won, Lost, Left, Advanced, Regressed} {
		if by != known && strings.EqualFold(strings.TrimSpace(string(by)), string(known)) {
			return 0, &Error{Path: "by", Value: string(by), Msg: "is the name of a stage, or misspelt: the exit is " + strconv.Quote(string(known)), Err: ErrInput}
		}
	}
	return MaxExits + 1, nil
}
