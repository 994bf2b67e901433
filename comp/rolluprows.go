package comp

import "github.com/salesops-go/salesops/internal/exact"

// gather checks the credits, gathers them by row, and finds the bookings.
func (r *roller) gather() {
	index := make(map[string]int32)
	r.next = make([]int32, len(r.credits))
	row := int32(-1)
	for i := range r.credits {
		cr := &r.credits[i]
		r.next[i] = -1
		if cr.kind() == RolledUp || !r.check(i, cr) {
			continue
		}
		if row < 0 || r.credits[r.rows[row].first].ID != cr.ID {
			var ok bool
			if row, ok = index[cr.ID]; !ok {
				row = int32(len(r.rows))
				index[cr.ID] = row
				r.rows = append(r.rows, shared{first: int32(i), last: int32(i), count: 1})
				continue
			}
		}
		w := &r.rows[row]
		if field := cr.differs(&r.credits[w.first]); field != "" {
			r.addDeal(cr.ID, "credits/"+itoa(i)+"/"+field, "", "differs from that of credits/%d with the same ID; it belongs to the row, not to the payee", w.first)
			continue
		}
		r.next[w.last] = int32(i)
		w.last = int32(i)
		w.count++
	}
	for i := range r.rows {
		first := r.rows[i].first
		at := &r.credits[first]
		for steps := 0; at.Ref != ""; {
			next, ok := index[at.Ref]
			if !ok {
				r.addDeal(r.credits[first].ID, "credits/"+itoa(int(first))+"/ref", at.Ref, "is not among the credits; pass those of the booking too, as its date picks the managers")
				break
			}
			if steps++; steps > maxRefs {
				r.addDeal(r.credits[first].ID, "credits/"+itoa(int(first))+"/ref", r.credits[first].Ref, "refers in a circle, or over more than %d rows", maxRefs)
				break
			}
			at = &r.credits[r.rows[next].first]
		}
		r.rows[i].booked = at.Date
	}
}

// check checks what can be seen in the credit alone.
func (r *roller) check(i int, cr *Credit) bool {
	before := len(r.list) + r.more
	bad := func(field, value, msg string) {
		r.addFor(cr.Payee, cr.ID, "credits/"+itoa(i)+"/"+field, value, "%s", msg)
	}
	if cr.ID == "" {
		bad("id", "", "must not be empty")
	}
	if cr.Payee == "" {
		bad("payee", "", "must not be empty")
	}
	if cr.Date.IsZero() {
		bad("date", "", "must be set")
	}
	if kind := cr.kind(); kind != Direct && kind != Overlay {
		bad("kind", string(kind), "is not a kind of credit: use direct, overlay or rollup")
	}
	if !exact.Bounded(cr.Share) {
		bad("share", "", outOfBounds)
	} else if cr.Share.IsNegative() {
		bad("share", show(cr.Share), "must not be negative")
	}
	if !exact.Bounded(cr.Amount) {
		bad("amount", "", outOfBounds)
	}
	if !exact.Bounded(cr.Margin) {
		bad("margin", "", outOfBounds)
	}
	if !exact.Bounded(cr.Units) {
		bad("units", "", outOfBounds)
	}
	if cr.FX != nil && !exact.Bounded(cr.FX.Amount) {
		bad("fx/amount", "", outOfBounds)
	}
	if cr.FX != nil && !exact.Bounded(cr.FX.Rate) {
		bad("fx/rate", "", outOfBounds)
	}
	return len(r.list)+r.more == before
}

// differs names a field in which two credits are not of the same row.
func (c *Credit) differs(o *Credit) string {
	switch {
	case c.Ref != o.Ref:
		return "ref"
	case c.event() != o.event():
		return "event"
	case c.Date != o.Date:
		return "date"
	case c.Currency != o.Currency:
		return "currency"
	case (c.FX == nil) != (o.FX == nil):
		return "fx"
	case c.FX != nil && (c.FX.From != o.FX.From || !c.FX.Rate.Equal(o.FX.Rate)):
		return "fx"
	}
	return ""
}
