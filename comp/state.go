package comp

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// State is what earlier statements of a payee under a plan stand for: a ledger,
// from which every balance follows. It is data to keep between periods; the
// zero State is that of a payee who has not been paid yet. A State belongs to
// one payee and one plan ID, and serves all versions of the plan.
type State struct {
	// Plan is the ID of the plan.
	Plan string `json:"plan,omitempty"`
	// Payee is the ID of the payee.
	Payee string `json:"payee,omitempty"`
	// Period is the last one closed.
	Period salesops.Period `json:"period,omitzero"`
	// Due is what became payable in Period, before draws and carry.
	Due decimal.Decimal `json:"due,omitzero"`
	// Booked holds what has been booked, one entry for each line ID.
	Booked []Booked `json:"booked,omitempty"`
}

// Booked is the running total of one line ID over all statements so far.
type Booked struct {
	// ID is that of the lines; it tells kind, component, deal and day.
	ID string `json:"id"`
	// Ref is the deal that the entry is about, when that is not the one in ID.
	Ref string `json:"ref,omitempty"`
	// Measure is what the credit counted.
	Measure decimal.Decimal `json:"measure,omitzero"`
	// Total is the sum of the Amounts of all lines with the ID.
	Total decimal.Decimal `json:"total"`
}

// earning reports whether entries of the kind are recomputed from credits.
func (k Kind) earning() bool {
	switch k {
	case Earn, Clawed, Capped, Floored, Deferred:
		return true
	default:
		return false
	}
}

// paying reports whether entries of the kind are made by the payment stage.
func (k Kind) paying() bool {
	switch k {
	case Drawn, Advanced, Recouped, Carried:
		return true
	default:
		return false
	}
}

// booked reports whether the kind may stand in a ledger.
func (k Kind) booked() bool { return k.earning() || k.paying() || k == Held || k == Entered }

// lineID derives the ID of a line. The owner is a component, with "#" and its
// number for a limit.
func lineID(kind Kind, owner, name string, day salesops.Date) string {
	var buf [96]byte
	b := append(buf[:0], kind...)
	b = appendName(append(b, '/'), owner)
	b = appendName(append(b, '/'), name)
	b = append(b, '/')
	b, _ = day.AppendText(b)
	return string(b)
}

func appendName(b []byte, s string) []byte {
	if strings.IndexByte(s, '~') >= 0 || strings.IndexByte(s, '/') >= 0 {
		s = escape(s)
	}
	return append(b, s...)
}

// escape writes a name as a segment of a JSON pointer (RFC 6901) or a line ID.
func escape(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

// posted is a ledger entry with what its ID tells.
type posted struct {
	*Booked
	kind      Kind
	component string
	limit     string // number of the limit, "" for none
	name      string // deal, draw or manual amount
	origin    salesops.Period
	total     exact.Num
}

// credit is the ID of the credit that made an entry, and the rest of its name,
// which tells the kind when that is not direct.
func (p *posted) credit() (id, kind string) {
	for _, k := range [...]CreditKind{Overlay, RolledUp} {
		if strings.HasSuffix(p.name, "@"+string(k)) {
			n := len(p.name) - len(k) - 1
			return p.name[:n], p.name[n:]
		}
	}
	return p.name, ""
}

// target is the name of the entry that a clawback takes back from.
func (p *posted) target() string {
	_, kind := p.credit()
	return p.Ref + kind
}

// root is the deal that an entry is about.
func (p *posted) root() string {
	if p.Ref != "" {
		return p.Ref
	}
	return p.name
}

// read takes an ID apart; ok is false when it is not one of this package's.
func (c *Calculator) read(b *Booked) (p posted, ok bool) {
	part := strings.Split(b.ID, "/")
	if len(part) != 4 || !Kind(part[0]).booked() {
		return p, false
	}
	if strings.IndexByte(b.ID, '~') >= 0 {
		unescape := strings.NewReplacer("~1", "/", "~0", "~")
		for i := range part {
			part[i] = unescape.Replace(part[i])
		}
	}
	p = posted{Booked: b, kind: Kind(part[0]), name: part[2], total: exact.From(b.Total)}
	p.component, p.limit, _ = strings.Cut(part[1], "#")
	if p.kind == Entered {
		return p, part[3] == ""
	}
	day, err := salesops.ParseDate(part[3])
	p.origin = c.window(PerPeriod, day)
	return p, err == nil
}

// balances reads the balances off a ledger and the lines since.
func (r *run) balances(lines []Line, at salesops.Date) Balances {
	var held, deferred, owed, carry exact.Num
	add := func(kind Kind, total exact.Num) {
		switch kind {
		case Held, Released:
			held = held.Sub(total)
		case Deferred:
			deferred = deferred.Sub(total)
		case Carried:
			carry = carry.Add(total)
		default:
		}
	}
	for i := range r.ledger {
		add(r.ledger[i].kind, r.ledger[i].total)
	}
	for i := range lines {
		add(lines[i].Kind, exact.From(lines[i].Amount))
	}
	for i := range r.draws {
		d := &r.draws[i]
		if d.lapsed(at) {
			continue
		}
		owed = owed.Add(d.owed(r.ledger, at))
		for j := range lines {
			if l := &lines[j]; (l.Kind == Drawn || l.Kind == Recouped) && l.Deal == d.key {
				owed = owed.Add(exact.From(l.Amount))
			}
		}
	}
	p := r.c.places
	return Balances{Held: held.Fixed(p), Deferred: deferred.Fixed(p), Draw: owed.Fixed(p), Carry: carry.Fixed(p)}
}
