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
	Plan  string `json:"plan,omitempty"`
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
	ID        string          `json:"id"`
	Kind      Kind            `json:"kind"`
	Component string          `json:"component,omitempty"`
	Deal      string          `json:"deal,omitempty"`
	Ref       string          `json:"ref,omitempty"`
	Origin    salesops.Period `json:"origin,omitzero"`
	// Measure is what the credit counted.
	Measure decimal.Decimal `json:"measure,omitzero"`
	Total   decimal.Decimal `json:"total"`
}

// root is the deal that an entry is about.
func (b *Booked) root() string {
	if b.Ref != "" {
		return b.Ref
	}
	return b.Deal
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

// known reports whether the kind may stand in a ledger.
func (k Kind) booked() bool { return k.earning() || k.paying() || k == Held || k == Entered }

var escapeID = strings.NewReplacer("~", "~0", "/", "~1")

// lineID derives the ID of a line.
func lineID(kind Kind, component, deal string, origin salesops.Period) string {
	var buf [96]byte
	b := append(buf[:0], kind...)
	b = appendName(append(b, '/'), component)
	b = appendName(append(b, '/'), deal)
	b = append(b, '/')
	b, _ = origin.Start.AppendText(b)
	return string(b)
}

func appendName(b []byte, s string) []byte {
	if strings.ContainsAny(s, "~/") {
		s = escapeID.Replace(s)
	}
	return append(b, s...)
}

// balances reads the balances off a ledger; skip leaves out entries.
func (c *Calculator) balances(booked []Booked, draws []draw, at salesops.Period) Balances {
	var held, deferred, owed, carry exact.Num
	for i := range booked {
		b := &booked[i]
		total := exact.From(b.Total)
		switch b.Kind {
		case Held:
			held = held.Sub(total)
		case Deferred:
			deferred = deferred.Sub(total)
		case Carried:
			carry = carry.Add(total)
		}
	}
	for i := range draws {
		owed = owed.Add(draws[i].owed(booked, at.End))
	}
	return Balances{Held: held.Fixed(c.places), Deferred: deferred.Fixed(c.places), Draw: owed.Fixed(c.places), Carry: carry.Fixed(c.places)}
}
