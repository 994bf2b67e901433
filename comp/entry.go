package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// entry is what something comes to now: a line before what was booked for it is
// taken off. There may be millions, so what few entries have is in more.
type entry struct {
	kind  Kind
	comp  int32 // -1 for the plan
	row   int32 // -1 for none
	group int32 // the deal, -1 for none
	// origin is the pay period that the entry belongs to.
	origin salesops.Period
	note   string
	// measure is what the credit counts, to the position after it.
	measure, to exact.Num
	total       exact.Num
	more        *details
}

// details are what only some entries have.
type details struct {
	// name and ref stand in the line when there is no row.
	name, ref string
	// day stands in the line's ID: the start of origin when zero.
	day   salesops.Date
	limit *limit
	// from, lift, base (what is paid on) and flat (the part of pay that does not
	// come from it) help to explain; why does.
	from, base, flat exact.Num
	lift             int16
	why              []Reason
}

// explain adds reasons to an entry.
func (e *entry) explain(why ...Reason) {
	if e.more == nil {
		e.more = new(details)
	}
	e.more.why = append(e.more.why, why...)
}
