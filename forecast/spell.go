package forecast

import (
	"strconv"

	"github.com/salesops-go/salesops"
)

// Spell is a stretch of days in which a deal was watched, on the clock of a [CloseCurve]: as a rule the deal's age in days
// ([AgeSpells]), or the day of the period ([PeriodSpells]).
type Spell struct {
	// Enter is the first day on which the deal was at risk of closing: 0 if it is watched from the start of the clock, such
	// as its creation. A deal that came into view later, as it was open at the end of day a, enters at a+1 (delayed entry,
	// left truncation): had it closed before, nobody would know of it.
	Enter int `json:"enter,omitempty"`
	// Leave is the day on which the deal was won or lost, or the last day on which it was seen open.
	Leave int `json:"leave"`
	// Status says how the spell ended. "" is Open: it did not, the deal is censored.
	Status Status `json:"status,omitempty"`
}

// MaxAge is the greatest day of the clock of a [Spell]: 2,870 years.
const MaxAge = 1<<20 - 1

// AgeSpells returns the spells of deals by age, day 0 being the day of creation, as they were known at the end of the last
// day of seen. A deal that closed later counts as open, and one created later is left out, so that the curve of a past day
// can be fitted to the deals of today.
//
// seen is the time from which on closings are known, and up to which. Deals created before it enter at the age they had when
// it began, and those that had closed by then are left out: CRM data often starts with the deals that were open on some day,
// and counting these as if they had been watched from their creation makes deals look slower than they are. An open start
// stands for a complete history.
//
// AgeSpells returns an error ([ErrInput]) if:
//   - seen is open at its end, or empty
//   - a deal has an unknown status or no creation date, is won or lost without a closing date, or closed before it was created
func AgeSpells(deals []Deal, seen salesops.Period) ([]Spell, error) {
	var f faults
	f.seen("seen", seen)
	out := make([]Spell, 0, len(deals))
	for i := range deals {
		d := &deals[i]
		if w, ok := f.watch(i, d, seen); ok {
			out = append(out, w.spell(d.Created))
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// PeriodSpells returns the spells of deals by the day of the period, day 0 being its first day: one for each period in which a
// deal was open or closed, censored at the end of the period and after the day asOf. Their curve says what becomes, by the
// end of a period, of a deal that is open on some day of it: the "historical win rate for the same time" of a quarter.
//
// PeriodSpells returns an error ([ErrInput]) if:
//   - a period is open at an end, or empty, or asOf is no date
//   - a deal is not in order, as in [AgeSpells]
func PeriodSpells(deals []Deal, periods []salesops.Period, asOf salesops.Date) ([]Spell, error) {
	var f faults
	if asOf.IsZero() {
		f.add(ErrInput, "", "asOf", "", "must be a date: the last day that is known")
	}
	for i, p := range periods {
		path := "periods/" + strconv.Itoa(i)
		f.seen(path, p)
		if p.Start.IsZero() {
			f.add(ErrInput, "", path, p.String(), "must have a start, from which its days are counted")
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	var out []Spell
	for i := range deals {
		d := &deals[i]
		if !f.dates(i, d) {
			continue
		}
		for _, p := range periods {
			q := p.Intersect(salesops.Period{End: asOf.AddDays(1)})
			if w, ok := watchWithin(d, q); ok {
				out = append(out, w.spell(p.Start))
			}
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// seen checks the time that is known.
func (f *faults) seen(path string, p salesops.Period) {
	switch {
	case p.End.IsZero():
		f.add(ErrInput, "", path, p.String(), "must have an end: the day after the last that is known")
	case p.IsEmpty():
		f.add(ErrInput, "", path, p.String(), "must hold a day")
	}
}

// dates checks what spells are made of.
func (f *faults) dates(i int, d *Deal) bool {
	bad := func(field, value, msg string) bool {
		f.add(ErrInput, d.ID, "deals/"+strconv.Itoa(i)+"/"+field, value, msg)
		return false
	}
	switch d.Status {
	case "", Open:
		if d.Created.IsZero() {
			return bad("created", "", "must be a date")
		}
		return true
	case Won, Lost:
	default:
		return bad("status", string(d.Status), `is not a status: use "open", "won" or "lost"`)
	}
	switch {
	case d.Created.IsZero():
		return bad("created", "", "must be a date")
	case d.Close.IsZero():
		return bad("close", "", "must be the day on which the deal closed")
	case d.Close.Before(d.Created):
		return bad("close", d.Close.String(), "is before the deal was created, on "+d.Created.String())
	}
	return true
}

// watched is the part of a deal's life that was seen: at risk on the days from first to last, both included.
type watched struct {
	first, last salesops.Date
	status      Status
}

// watch returns the part of a deal's life within the time seen; ok is false if there is none, or the deal is not in order.
func (f *faults) watch(i int, d *Deal, seen salesops.Period) (w watched, ok bool) {
	if !f.dates(i, d) {
		return w, false
	}
	return watchWithin(d, seen)
}

func watchWithin(d *Deal, p salesops.Period) (w watched, ok bool) {
	w = watched{first: d.Created, last: p.Last(), status: Open}
	if w.first.Before(p.Start) {
		w.first = p.Start
	}
	if (d.Status == Won || d.Status == Lost) && !d.Close.After(w.last) {
		w.last, w.status = d.Close, d.Status
	}
	return w, !w.first.After(w.last)
}

// spell counts the days from a date on.
func (w watched) spell(from salesops.Date) Spell {
	return Spell{Enter: w.first.DaysSince(from), Leave: w.last.DaysSince(from), Status: w.status}
}
