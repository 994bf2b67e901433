package comp

import (
	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// dealSums is what each deal has come to in one component.
type dealSums struct {
	of    map[int32]*taken
	order []int32 // groups in the order in which they came up
}

// taken is what a deal has come to in a component, and what was taken back.
type taken struct {
	deal    string
	origin  salesops.Period
	total   exact.Num // what the curve and the limits per deal make
	net     exact.Num // measure, less refunds
	earned  exact.Num // by the curve, without refunds
	measure exact.Num // what earned it
	capped  exact.Num // of earned, lost to a limit per deal: zero or negative
	// share of the measure taken back so far, times what is not kept, over den;
	// back is the same in money.
	share, den, back exact.Num
}

// sumDeals adds up the entries of a component by deal.
func (r *run) sumDeals(entries []entry) *dealSums {
	d := &dealSums{of: make(map[int32]*taken)}
	for i := range entries {
		e := &entries[i]
		if e.group < 0 {
			continue
		}
		t := d.of[e.group]
		if t == nil {
			t = &taken{deal: r.rows[e.row].deal, origin: e.origin, den: exact.Int(1)}
			d.of[e.group] = t
			d.order = append(d.order, e.group)
		}
		t.total = t.total.Add(e.total)
		t.net = t.net.Add(e.measure)
		if e.kind == Earn {
			t.earned = t.earned.Add(e.total)
			t.measure = t.measure.Add(e.measure)
		}
	}
	return d
}

// isBooked reports whether the ledger has an entry for a deal.
func (r *run) isBooked(deal string) bool { return len(r.ledger(deal)) > 0 }

// ledger returns the ledger's entries about a deal, by index.
func (r *run) ledger(deal string) []int32 {
	if r.byRoot == nil {
		r.byRoot = make(map[string][]int32)
		for i := range r.in.Prior.Booked {
			if b := &r.in.Prior.Booked[i]; b.Deal != "" {
				r.byRoot[b.root()] = append(r.byRoot[b.root()], int32(i))
			}
		}
	}
	return r.byRoot[deal]
}
