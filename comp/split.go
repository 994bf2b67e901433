package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Split is the portion of a deal that is credited to one payee.
type Split struct {
	// Payee is the ID of the payee.
	Payee string `json:"payee"`
	// Share is the portion, 0.5 for 50 %: above 0, and at most 1, for an overlay
	// at most 10.
	Share decimal.Decimal `json:"share"`
	// Overlay splits come besides the 100 % that the others share.
	Overlay bool `json:"overlay,omitempty"`
}

// maxOverlay bounds the share of an overlay, so that 50 is not taken for 50 %.
const maxOverlay = 10

// SplitDeal credits one deal, or one later row of a deal, to payees. The direct
// shares sum to exactly 1, and the direct credits to the deal:
//
//   - Amount and Margin are split by the method of the largest remainder, as by
//     [Allocate], in units of 10^-places, or of their own last decimal place if
//     they have more. Overlays are their share of the whole, rounded half away
//     from zero to the same unit.
//   - Units are not money: each credit gets its exact share of them.
//
// An overlay changes no direct credit, and the negative of a deal gives the
// negatives of its credits. Each row is split on its own, so the parts of several
// payments may differ from the parts of their sum by one unit a payment. The
// credits come in the order of the splits, of kind [Direct] or [Overlay], and
// share the Tags of the deal. A payee may have one split of each kind.
//
// SplitDeal returns an error ([ErrInput]) if:
//   - the deal has no ID, date or currency, an unknown event, a number out of
//     bounds, or, though it is a refund or a cancellation, a positive amount or no
//     Ref
//   - there are no splits, one has no payee or a share out of range, or a payee has
//     two of a kind
//   - the direct shares do not sum to exactly 1
//   - places is not between 0 and 18, or a part is out of bounds
func SplitDeal(d Deal, splits []Split, places int32) ([]Credit, error) {
	var f faults
	f.unit(places)
	f.deal("deal", -1, &d)
	if f.splits("splits", splits) {
		if whole := directShares(splits); whole.Cmp(exact.Int(1)) != 0 {
			f.addDeal(d.ID, "splits", show(whole.Decimal()), "is the sum of the direct shares; it must be exactly 1")
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	var v division
	v.add(splits, "")
	c := cutter{places: places}
	credits, field := c.cut(make([]Credit, 0, len(splits)), &d, &v)
	if field != "" {
		f.addDeal(d.ID, "deal/"+field, "", tooLong)
		return nil, f.err()
	}
	return credits, nil
}

// Two messages that several checks share.
const (
	outOfBounds = "is out of bounds: an exponent within ±18 and at most 36 digits are allowed"
	tooLong     = "has parts that are out of bounds; use fewer digits in it, or in the shares"
)

// unit checks the decimal places of a unit of money.
func (f *faults) unit(places int32) {
	if places < 0 || places > 18 {
		f.add("places", itoa(int(places)), "must be between 0 and 18")
	}
}

// deal checks what can be seen in the deal alone, number i of a list unless i < 0.
func (f *faults) deal(path string, i int, d *Deal) {
	bad := func(field, value, format string, args ...any) {
		if i >= 0 {
			path += "/" + itoa(i)
			i = -1
		}
		f.addDeal(d.ID, path+"/"+field, value, format, args...)
	}
	d.check(bad)
	if d.Currency == "" {
		bad("currency", "", "must not be empty")
	}
}

// splits checks the splits of one rule, whose direct shares may be part of the 1,
// and reports whether they are sound.
func (f *faults) splits(path string, splits []Split) bool {
	before := len(f.list) + f.more
	if len(splits) == 0 {
		f.add(path, "", "must have at least one split")
	}
	type holder struct {
		payee   string
		overlay bool
	}
	first := make(map[holder]int, len(splits))
	for i, s := range splits {
		at := path + "/" + itoa(i)
		if s.Payee == "" {
			f.add(at+"/payee", "", "must not be empty")
		} else if k, ok := first[holder{s.Payee, s.Overlay}]; ok {
			f.add(at+"/payee", s.Payee, "has a split of this kind already, at %d; add the two up", k)
		} else {
			first[holder{s.Payee, s.Overlay}] = i
		}
		most := int64(1)
		if s.Overlay {
			most = maxOverlay
		}
		switch {
		case !exact.Bounded(s.Share):
			f.add(at+"/share", "", outOfBounds)
		case s.Share.Sign() <= 0 || exact.From(s.Share).Cmp(exact.Int(most)) > 0:
			f.add(at+"/share", show(s.Share), "must be above 0 and at most %d; 50 %% is 0.5", most)
		}
	}
	return len(f.list)+f.more == before
}

func directShares(splits []Split) (sum exact.Num) {
	for _, s := range splits {
		if !s.Overlay {
			sum = sum.Add(exact.From(s.Share))
		}
	}
	return sum
}

// division is how deals are divided: the splits of the rules that match them.
type division struct {
	parts []part
	whole exact.Num // sum of the direct shares
}

type part struct {
	payee, via string
	kind       CreditKind
	given      decimal.Decimal // the share, for the credit
	share      exact.Num
}

// add adds the splits of one rule. Direct shares of one payee by several rules add
// up; of two overlays, the name of the payee is returned, with the rule before.
func (v *division) add(splits []Split, rule string) (twice, other string) {
	known := len(v.parts)
	for _, s := range splits {
		p := part{payee: s.Payee, via: rule, kind: Direct, share: exact.From(s.Share)}
		p.given = p.share.Decimal()
		if s.Overlay {
			p.kind = Overlay
		} else {
			v.whole = v.whole.Add(p.share)
		}
		at := 0
		for at < known && (v.parts[at].payee != p.payee || v.parts[at].kind != p.kind) {
			at++
		}
		if at == known {
			v.parts = append(v.parts, p)
			continue
		}
		old := &v.parts[at]
		if s.Overlay {
			twice, other = s.Payee, old.via
			continue
		}
		old.share = old.share.Add(p.share)
		old.given = old.share.Decimal()
		old.via += ", " + rule
	}
	return twice, other
}

// cutter cuts deals into credits. Its buffer is used again.
type cutter struct {
	places int32
	lines  []exact.Num
}

// cut appends the credits of a deal. If a part is out of bounds it names the field.
func (c *cutter) cut(out []Credit, d *Deal, v *division) (credits []Credit, field string) {
	from := len(out)
	for i := range v.parts {
		p := &v.parts[i]
		out = append(out, Credit{Deal: *d, Payee: p.payee, Kind: p.kind, Share: p.given, Via: p.via})
	}
	rows := out[from:]
	switch {
	case !c.money(rows, v, d.Amount, func(cr *Credit) *decimal.Decimal { return &cr.Amount }):
		field = "amount"
	case !c.money(rows, v, d.Margin, func(cr *Credit) *decimal.Decimal { return &cr.Margin }):
		field = "margin"
	case !c.units(rows, v, d.Units):
		field = "units"
	}
	return out, field
}

// money splits a sum of money, of the deal, over its credits.
func (c *cutter) money(rows []Credit, v *division, sum decimal.Decimal, of func(*Credit) *decimal.Decimal) bool {
	if sum.IsZero() {
		return true
	}
	total, places := exact.From(sum), finest(c.places, sum)
	c.lines = c.lines[:0]
	for i := range v.parts {
		if p := &v.parts[i]; p.kind == Direct {
			c.lines = append(c.lines, total.Mul(p.share))
		}
	}
	if exact.Spread(c.lines, exact.Int(1), total, places, c.lines) != nil {
		return false // not reached: total is a multiple of the unit
	}
	next, ok := 0, true
	for i := range rows {
		p := &v.parts[i]
		part := total.Mul(p.share)
		if p.kind == Direct {
			part = c.lines[next]
			next++
		}
		var fits bool
		*of(&rows[i]), fits = bounded(part, places)
		ok = ok && fits
	}
	return ok
}

// units gives each credit its exact share of the units.
func (c *cutter) units(rows []Credit, v *division, sum decimal.Decimal) bool {
	if sum.IsZero() {
		return true
	}
	total, ok := exact.From(sum), true
	for i := range rows {
		rows[i].Units = total.Mul(v.parts[i].share).Decimal()
		ok = ok && exact.Bounded(rows[i].Units)
	}
	return ok
}

// finest is places, or the number of decimal places of d if that is larger.
func finest(places int32, d decimal.Decimal) int32 {
	if -d.Exponent() <= places {
		return places
	}
	return max(places, -exact.From(d).Decimal().Exponent())
}

// bounded rounds a sum of money to places, in that form if it is within the bounds
// of the package, else without trailing zeros.
func bounded(n exact.Num, places int32) (d decimal.Decimal, ok bool) {
	if d = n.Fixed(places); exact.Bounded(d) {
		return d, true
	}
	d = exact.From(d).Decimal()
	return d, exact.Bounded(d)
}
