package comp

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// RollUp returns the credits of managers: of each deal, and each later row of a
// deal, that people below them are credited with, one credit of kind [RolledUp] for
// every manager up the chain. It returns these alone; append them to the credits
// for the statements.
//
// A manager has no deal more than once, however many people below share it. The
// direct credits of people below count first, each times the Shares of the Reports
// up to the manager; overlays below fill what is left of 1. Credits whose shares sum
// to more than there is room for are reduced in proportion. So of two reps at 50 %
// each, their manager has the whole deal, and of two at 100 % each the deal once. A
// direct credit of the manager's own takes its room first; an overlay of the
// manager's own comes besides, and takes none.
//
// The chain is that of the day on which the deal was booked, at the end of the Refs,
// so that a refund reaches the managers who had the deal, also after transfers.
// The chart holds one line of reporting; a matrix organisation has several, and
// each is rolled up on its own.
//
// Sums of money are rounded once, half away from zero, to places, or to the last
// decimal place in the credits if that is finer: the sum of whole credits is exact.
// Units are exact to 18 decimal places, to 12 where a proportion does not end.
// Credit.Share has at most 18. Via names the payees, the first 8 of them.
//
// Rolled-up credits among those given are passed over. So is a credit that is there
// twice. A credit without a Share counts as 1 if it is the only one of its row.
// Results come in the order in which rows first appear, for each row in the order in
// which its credits, direct ones first, lead to the managers. They share the
// Tags of the credits. It takes O((c × l + r) log r) for c credits, l levels and r Reports.
//
// RollUp returns an error ([ErrInput]) if:
//   - a credit has no ID, payee or date, an unknown kind, a negative Share, no Share
//     though its row has others, or a number out of bounds
//   - two credits with the same ID differ in Ref, Event, Date, Currency or rate, or are
//     of the same payee and kind and differ at all
//   - a Ref leads to no credit, in a circle, or over more than 8 rows
//   - a Report has no payee or manager, an empty span, or a Share beyond 0 to 1
//   - a payee has two managers on one day, reports to themselves, even over others, or
//     has more than 50 levels above
//   - places is not between 0 and 18, or a sum is out of bounds
func RollUp(credits []Credit, chart []Report, places int32) ([]Credit, error) {
	var f faults
	f.unit(places)
	r := roller{faults: &f, chart: newChart(&f, chart), credits: credits, places: places}
	r.gather()
	if err := f.err(); err != nil {
		return nil, err
	}
	r.slots = make([]int32, len(r.names))
	var out []Credit
	const some = 1 << 12
	for i := range r.rows {
		out = r.roll(i, out)
		if i == some { // the first rows tell how much room all need, about
			out = slices.Grow(out, (len(out)/some+1)*(len(r.rows)-some))
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// roller is one run of RollUp.
type roller struct {
	*faults
	*chart
	credits []Credit
	places  int32
	rows    []shared
	next    []int32 // the next credit of the same row, or -1
	// holders are the people of the current row; slots holds the place of each person
	// among them plus one, or zero.
	holders []holder
	slots   []int32
	order   []int32 // the managers among the holders, in the order found
}

// shared is a row, which several credits share.
type shared struct {
	first, last int32 // credits
	count       int32
	booked      salesops.Date
}

// holder is a person who has a credit of a row, or whom one leads to.
type holder struct {
	person          int32
	has             [2]int32 // the own credit, direct and overlay, plus one
	own             exact.Num
	direct, overlay heap
	places          int32
	// from are the payees below, the first of them: those with direct credits, and
	// then the others.
	from            []int32
	directs, others int
}

// heap is a sum of credits, each times its share of the way up.
type heap struct {
	share, amount, margin, units, before exact.Num
}

// maxVia is how many payees Credit.Via names.
const maxVia = 8

// roll appends the rolled-up credits of a row.
func (r *roller) roll(row int, out []Credit) []Credit {
	w := &r.rows[row]
	r.holders, r.order = r.holders[:0], r.order[:0]
	for _, kind := range [...]CreditKind{Direct, Overlay} {
		for i := w.first; i >= 0; i = r.next[i] {
			if cr := &r.credits[i]; cr.kind() == kind {
				r.lift(w, i, cr)
			}
		}
	}
	for _, at := range r.order {
		h := &r.holders[at]
		cr, ok := r.credit(w, h)
		if !ok {
			r.addFor(cr.Payee, cr.ID, "credits/"+itoa(int(w.first)), "", "rolls up to an amount, margin or units out of bounds; use fewer digits")
		}
		if !cr.Share.IsZero() {
			out = append(out, cr)
		}
	}
	for i := range r.holders {
		r.slots[r.holders[i].person] = 0
	}
	return out
}

// lift adds a credit to everyone above its payee.
func (r *roller) lift(w *shared, i int32, cr *Credit) {
	if cr.Share.IsZero() && w.count > 1 {
		r.addFor(cr.Payee, cr.ID, "credits/"+itoa(int(i))+"/share", "", "must be set, as the row has other credits: without it, shares of a deal cannot be told from the whole")
		return
	}
	person, ok := r.people[cr.Payee]
	if !ok {
		return
	}
	kind := 0
	if cr.kind() == Overlay {
		kind = 1
	}
	own := &r.holders[r.holder(person)]
	if at := own.has[kind]; at > 0 {
		if have := &r.credits[at-1]; !cr.same(have) || !cr.Share.Equal(have.Share) {
			r.addFor(cr.Payee, cr.ID, "credits/"+itoa(int(i)), "", "differs from credits/%d of the same payee, ID and kind; give each row an ID of its own", at-1)
		}
		return
	}
	own.has[kind] = i + 1
	known := own.has[0] > 0 && kind == 1 // among the payees of everyone above already
	h := heap{share: exact.Int(1), amount: exact.From(cr.Amount), margin: exact.From(cr.Margin), units: exact.From(cr.Units)}
	if !cr.Share.IsZero() {
		h.share = exact.From(cr.Share)
	}
	places := finest(finest(r.places, cr.Amount), cr.Margin)
	if cr.FX != nil {
		h.before = exact.From(cr.FX.Amount)
		places = finest(places, cr.FX.Amount)
	}
	if kind == 0 {
		own.own = h.share
	}
	level := 0
	for above := r.above(person, w.booked); above != nil; above = r.above(above.manager, w.booked) {
		if level++; level > maxLevels {
			r.addFor(cr.Payee, cr.ID, "chart", "", "has more than %d levels above the payee on %s", maxLevels, w.booked)
			return
		}
		if above.share.Cmp(exact.Int(1)) != 0 {
			h.times(above.share)
		}
		at := r.holder(above.manager)
		to := &r.holders[at]
		if to.directs+to.others == 0 {
			r.order = append(r.order, at)
		}
		if kind == 0 {
			to.direct.add(&h)
			to.directs++
		} else {
			to.overlay.add(&h)
			if !known {
				to.others++
			}
		}
		to.places = max(to.places, places)
		if !known && len(to.from) < maxVia {
			to.from = append(to.from, person)
		}
	}
}

// holder returns the place of a person among the holders.
func (r *roller) holder(person int32) int32 {
	if at := r.slots[person]; at > 0 {
		return at - 1
	}
	at := len(r.holders)
	if at < cap(r.holders) {
		r.holders = r.holders[:at+1]
		r.holders[at] = holder{person: person, from: r.holders[at].from[:0]}
	} else {
		r.holders = append(r.holders, holder{person: person})
	}
	r.slots[person] = int32(at) + 1
	return int32(at)
}

func (h *heap) times(share exact.Num) {
	h.share, h.amount, h.margin = h.share.Mul(share), h.amount.Mul(share), h.margin.Mul(share)
	h.units, h.before = h.units.Mul(share), h.before.Mul(share)
}

func (h *heap) add(o *heap) {
	h.share, h.amount, h.margin = h.share.Add(o.share), h.amount.Add(o.amount), h.margin.Add(o.margin)
	h.units, h.before = h.units.Add(o.units), h.before.Add(o.before)
}

// portion is how much of a heap counts: num / den of it.
type portion struct{ num, den exact.Num }

// take takes a heap into what is left of the whole, and returns how much of it
// that is, and what is left then.
func (h *heap) take(room exact.Num) (portion, exact.Num) {
	if h.share.Cmp(room) <= 0 {
		return portion{exact.Int(1), exact.Int(1)}, room.Sub(h.share)
	}
	if room.IsZero() {
		return portion{den: exact.Int(1)}, room
	}
	return portion{room, h.share}, exact.Num{}
}

// credit makes the rolled-up credit of a manager; its Share is zero if there is none.
func (r *roller) credit(w *shared, h *holder) (cr Credit, ok bool) {
	room := exact.Int(1).Sub(h.own)
	if room.Sign() < 0 {
		room = exact.Num{}
	}
	direct, left := h.direct.take(room)
	overlay, left := h.overlay.take(left)
	den := direct.den.Mul(overlay.den)
	exactly := den.Cmp(exact.Int(1)) == 0
	sum := func(a, b exact.Num) exact.Num {
		return a.Mul(direct.num).Mul(overlay.den).Add(b.Mul(overlay.num).Mul(direct.den))
	}
	first := &r.credits[w.first]
	cr = Credit{
		Deal:  first.Deal,
		Payee: r.names[h.person], Kind: RolledUp,
		Share: room.Sub(left).Round(18, exact.HalfUp).Decimal(), Via: r.via(h, !overlay.num.IsZero()),
	}
	ok = true
	money := func(a, b exact.Num) decimal.Decimal {
		v := sum(a, b)
		if v.IsZero() {
			return decimal.Decimal{}
		}
		if !exactly {
			v, _ = exact.Quo(v, den, h.places, exact.HalfUp)
		}
		d, fits := bounded(v, h.places)
		ok = ok && fits
		return d
	}
	cr.Amount = money(h.direct.amount, h.overlay.amount)
	cr.Margin = money(h.direct.margin, h.overlay.margin)
	units := sum(h.direct.units, h.overlay.units)
	if !exactly {
		units, _ = exact.Quo(units, den, 12, exact.HalfUp)
	}
	if cr.Units = (decimal.Decimal{}); !units.IsZero() {
		cr.Units = units.Round(18, exact.HalfUp).Decimal()
	}
	ok = ok && exact.Bounded(cr.Units)
	if fx := first.FX; fx != nil {
		cr.FX = &FX{From: fx.From, Rate: fx.Rate, Amount: money(h.direct.before, h.overlay.before)}
	}
	return cr, ok
}

// via names the payees that a credit rolled up from.
func (r *roller) via(h *holder, overlays bool) string {
	payees := h.directs
	if overlays {
		payees += h.others
	}
	named := h.from[:min(payees, len(h.from))]
	if len(named) == 1 {
		return r.names[named[0]]
	}
	var b strings.Builder
	for i, p := range named {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(r.names[p])
	}
	if more := payees - len(named); more > 0 {
		b.WriteString(" and " + itoa(more) + " more")
	}
	return b.String()
}
