package comp

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Reason is one step of the arithmetic behind a line: an operation on named
// inputs, its result, and the piece of the plan that asked for it. The Out of a
// line's last Reason is the line's Amount.
type Reason struct {
	// Op is the operation on the inputs.
	Op Op `json:"op"`
	// Text says in words what the step does.
	Text string `json:"text"`
	// Ref is a JSON pointer into the plan; empty when the step is not the plan's.
	Ref string `json:"ref,omitempty"`
	// In are the inputs, in the order of the operation.
	In []Input `json:"in,omitempty"`
	// Out is the result.
	Out decimal.Decimal `json:"out"`
}

// Input is a named number that goes into a [Reason].
type Input struct {
	// Name says what the number is; it may be empty where Text does.
	Name string `json:"name"`
	// Value is the number.
	Value decimal.Decimal `json:"value"`
}

// Op is the operation of a [Reason]. Products and quotients are rounded half away
// from zero to 12 decimal places, for show: the calculation goes on with the exact
// fraction.
type Op string

// The operations.
const (
	OpGiven    Op = "given"    // Out is the input, as it was given
	OpSum      Op = "sum"      // Out is the sum of the inputs
	OpLess     Op = "less"     // Out is the first input less all others
	OpProduct  Op = "product"  // Out is the product of the inputs
	OpQuotient Op = "quotient" // Out is the first input divided by all others
	OpAtLeast  Op = "at least" // Out is the largest input
	OpAtMost   Op = "at most"  // Out is the smallest input
	OpTest     Op = "test"     // Out is 1 when the first input reaches the second, else 0
	// OpRead reads a curve or grid: Out is its value (at Ref) at the inputs.
	OpRead Op = "read"
	// OpCents makes money: Out is the first input rounded up or down to the unit, which is the
	// second, so that the lines of the window sum to its total, which is rounded
	// once. Out is less than one unit away from the input; less than two, when
	// rounding at the ends of two pay periods went different ways.
	OpCents Op = "cents"
)

// Recompute does the operation again; ok is false for OpRead, which needs the
// plan, and for an Op that is not known. For OpCents, which depends on the other
// lines, it returns Out if that is as close to the input as OpCents says.
func (r Reason) Recompute() (out decimal.Decimal, ok bool) {
	var acc exact.Num
	for i, in := range r.In {
		v := wide(in.Value)
		switch {
		case i == 0:
			acc = v
		case r.Op == OpSum:
			acc = acc.Add(v)
		case r.Op == OpLess:
			acc = acc.Sub(v)
		case r.Op == OpProduct:
			acc = acc.Mul(v)
		case r.Op == OpQuotient:
			if acc, ok = exact.Quo(acc, v, quotientPlaces, exact.HalfUp); !ok {
				return out, false
			}
		case r.Op == OpAtLeast && v.Cmp(acc) > 0, r.Op == OpAtMost && v.Cmp(acc) < 0:
			acc = v
		}
	}
	switch r.Op {
	case OpGiven, OpSum, OpLess, OpAtLeast, OpAtMost:
		return acc.Fixed(r.decimals()), len(r.In) > 0
	case OpQuotient:
		return acc.Decimal(), len(r.In) > 0
	case OpProduct:
		return acc.Round(quotientPlaces, exact.HalfUp).Decimal(), len(r.In) > 0
	case OpTest: // whether reaching it exactly is enough depends on the edge
		if len(r.In) != 2 {
			return out, false
		}
		cmp := acc.Cmp(wide(r.In[1].Value))
		return r.Out, cmp == 0 || cmp > 0 == !r.Out.IsZero()
	case OpCents:
		gap := acc.Sub(wide(r.Out)).Abs()
		return r.Out, len(r.In) == 2 && gap.Cmp(wide(r.In[1].Value).Mul(exact.Int(2))) < 0
	default:
		return out, false
	}
}

// decimals is the number of decimal places of the inputs: money has its own, also
// when they are zeros.
func (r Reason) decimals() (places int32) {
	for _, in := range r.In {
		places = max(places, min(-in.Value.Exponent(), 100))
	}
	return places
}

// Explain renders the line as text: what it is, then one step of its arithmetic
// a line. Without Why (see [Case.Explain]) there are only totals to show.
func (l Line) Explain() string {
	var b strings.Builder
	b.WriteString(string(l.Kind))
	for _, s := range []string{l.Component, l.Deal} {
		if s != "" {
			b.WriteString(" " + s)
		}
	}
	if l.Ref != "" && l.Ref != l.Deal {
		b.WriteString(" (of " + l.Ref + ")")
	}
	b.WriteString(": " + show(l.Amount))
	if l.Note != "" {
		b.WriteString(" (" + l.Note + ")")
	}
	b.WriteByte('\n')
	for _, r := range l.Why {
		b.WriteString("  " + r.String() + "\n")
	}
	return b.String()
}

// signs are how the operations are written between their inputs.
func (o Op) sign() string {
	switch o {
	case OpSum:
		return " + "
	case OpLess:
		return " − "
	case OpProduct:
		return " × "
	case OpQuotient:
		return " ÷ "
	case OpTest:
		return " against "
	default:
		return ", "
	}
}

// String returns the step as one line of text.
func (r Reason) String() string {
	var b strings.Builder
	b.WriteString(r.Text + ": ")
	for i, in := range r.In {
		if r.Op == OpCents && i > 0 {
			break // the unit goes without saying
		}
		if i > 0 {
			b.WriteString(r.Op.sign())
		}
		if in.Name != "" && in.Name != r.Text {
			b.WriteString(in.Name + " ")
		}
		b.WriteString(show(in.Value))
	}
	switch r.Op {
	case OpGiven:
	case OpTest:
		if r.Out.IsZero() {
			b.WriteString(" = not reached")
		} else {
			b.WriteString(" = reached")
		}
	default:
		b.WriteString(" = " + show(r.Out))
	}
	if r.Ref != "" {
		b.WriteString("  [" + r.Ref + "]")
	}
	return b.String()
}

// show writes a decimal with thousands separators and no more decimal places
// than it has.
func show(d decimal.Decimal) string {
	n := wide(d).Decimal()
	s := n.StringFixed(max(0, -n.Exponent()))
	if d.Exponent() < n.Exponent() {
		s = d.StringFixed(-d.Exponent())
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// wide is num for results, which may have more digits than input may.
func wide(d decimal.Decimal) exact.Num {
	if d.Exponent() < -1000 || d.Exponent() > 1000 {
		return exact.Num{}
	}
	return exact.From(d)
}

// arg names a number.
func arg(name string, v exact.Num) Input { return Input{Name: name, Value: v.Decimal()} }

// unit is the smallest amount of money, as an input.
func (c *Calculator) unit() Input { return c.cash("unit", exact.New(1, -c.places)) }

// step makes a Reason and does its operation.
func step(op Op, text, ref string, inputs ...Input) Reason {
	r := Reason{Op: op, Text: text, Ref: ref, In: inputs}
	r.Out, _ = r.Recompute()
	return r
}

// gives sets the result of a step that does not follow from its inputs alone.
func (r Reason) gives(out exact.Num) Reason {
	r.Out = out.Decimal()
	if r.Op == OpCents {
		r.Out = out.Fixed(-r.In[1].Value.Exponent())
	}
	return r
}

// cash is arg for a sum of money, with all its places.
func (c *Calculator) cash(name string, v exact.Num) Input {
	return Input{Name: name, Value: v.Fixed(c.places)}
}

func highest(a, b exact.Num) exact.Num {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func lowest(a, b exact.Num) exact.Num {
	if a.Cmp(b) > 0 {
		return b
	}
	return a
}
