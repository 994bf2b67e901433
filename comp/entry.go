package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// entry is what something comes to now: a line before what was booked for it is
// taken off.
type entry struct {
	kind  Kind
	comp  int   // -1 for the plan
	row   int32 // -1 for none
	group int32 // the deal, -1 for none
	lift  int16
	limit *limit
	// deal and ref stand in the line when there is no row.
	deal, ref string
	// day stands in the line's ID: the start of origin when zero.
	day               salesops.Date
	origin            salesops.Period
	measure, from, to exact.Num
	total             exact.Num
	note              string
	why               []Reason
}
