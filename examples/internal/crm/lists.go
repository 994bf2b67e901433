package crm

import (
	"fmt"
	"io"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/shopspring/decimal"
)

// A Rep is a person for a span of time. A rep who changes manager or region has
// a row for each span.
type Rep struct {
	Name    string
	Manager string
	Region  string
	// Start is the first day, End the day after the last; zero is open.
	Start, End salesops.Date
	File       string
	Line       int
}

// A Split gives a rep a share of an opportunity instead of its owner having all
// of it. The shares of an opportunity that are no overlays sum to exactly 1.
type Split struct {
	Opportunity string // its ID
	Rep         string
	Share       decimal.Decimal // 0.6 is 60 %
	// Overlay shares come on top: the specialist who helped.
	Overlay bool
	File    string
	Line    int
}

// The kinds of events.
const (
	Refund  = "refund"  // money paid back; the amount is positive
	Cancel  = "cancel"  // the contract ends; the amount is what will not be invoiced
	Invoice = "invoice" // money asked for
	Payment = "payment" // money received
)

// An Event is something that happened to an opportunity after it was won.
type Event struct {
	ID          string
	Opportunity string // its ID
	Kind        string // Refund, Cancel, Invoice or Payment
	Date        salesops.Date
	Amount      decimal.Decimal // in the currency of the opportunity, never negative
	File        string
	Line        int
}

// A Quota is what a rep should reach in a period.
type Quota struct {
	Rep     string
	Period  string // name of the period as given, such as FY2026-Q3
	Measure string // what is measured, such as bookings; may be empty
	Amount  decimal.Decimal
	File    string
	Line    int
}

// A State is an open opportunity as it was at the start of a day: a row of a snapshot of the pipeline.
type State struct {
	AsOf        salesops.Date
	Opportunity string // its ID
	Stage       string // as given
	Category    string // forecast category as given; may be empty
	Amount      decimal.Decimal
	Close       salesops.Date // the day it was expected to close
	File        string
	Line        int
}

// A Call is what somebody, a rep or a manager, said on a day that a period would bring.
type Call struct {
	Rep    string
	Period string // name of the period as given, such as FY2026-Q3
	AsOf   salesops.Date
	Amount decimal.Decimal
	File   string
	Line   int
}

// A List is the result of reading one of the lists.
type List[T any] struct {
	Counts
	Rows     []T       // in the order of the file
	Problems []Problem // of the skipped rows, by line
	Notes    []string
}

// The headers of the lists. A column of a set may be missing only if optional.
const (
	repColumns   = "name,manager?,region?,start?,end?"
	splitColumns = "opportunity,rep,share,overlay?"
	eventColumns = "id,opportunity,kind,date,amount"
	quotaColumns = "rep,period,measure?,amount"
	stateColumns = "as_of,opportunity,stage,category?,amount,close"
	callColumns  = "rep,period,as_of,amount"
)

// ReadReps reads a list of reps with the header name,manager,region,start,end,
// in any order; only name is needed. The team list of the Maven data set
// (sales_agent,manager,regional_office) is read too. Errors are those of
// [Read]; a row is bad if the name is missing, a date is no date, or End is not
// after Start.
func ReadReps(r io.Reader, name string, opt Options) (List[Rep], error) {
	return readList(r, name, opt, repColumns, (*listReader).rep)
}

// ReadSplits reads a list of splits with the header
// opportunity,rep,share,overlay; overlay may be missing. Shares are written 0.6
// or 60%. Errors are those of [Read]; a row is bad if a cell is missing or
// cannot be read, or the share is not above 0 and at most 1. Whether shares sum
// to 1 is checked by [ReadDir].
func ReadSplits(r io.Reader, name string, opt Options) (List[Split], error) {
	return readList(r, name, opt, splitColumns, (*listReader).split)
}

// ReadEvents reads a list of events with the header
// id,opportunity,kind,date,amount. Errors are those of [Read]; a row is bad if a
// cell is missing or cannot be read, the kind is none of the four, the amount is
// negative, or its ID occurred before.
func ReadEvents(r io.Reader, name string, opt Options) (List[Event], error) {
	return readList(r, name, opt, eventColumns, (*listReader).event)
}

// ReadQuotas reads a list of quotas with the header rep,period,measure,amount;
// measure may be missing. Errors are those of [Read]; a row is bad if a cell is
// missing or cannot be read, the amount is negative, or the rep has a quota for
// the same period and measure already.
func ReadQuotas(r io.Reader, name string, opt Options) (List[Quota], error) {
	return readList(r, name, opt, quotaColumns, (*listReader).quota)
}

// ReadSnapshots reads snapshots of the pipeline with the header
// as_of,opportunity,stage,category,amount,close; category may be missing. Errors
// are those of [Read]; a row is bad if a cell is missing or cannot be read, or the
// opportunity has a row for the same day already.
func ReadSnapshots(r io.Reader, name string, opt Options) (List[State], error) {
	return readList(r, name, opt, stateColumns, (*listReader).state)
}

// ReadCalls reads a list of calls with the header rep,period,as_of,amount.
// Errors are those of [Read]; a row is bad if a cell is missing or cannot be read,
// the amount is negative, or the rep has a call of the same day for the period
// already.
func ReadCalls(r io.Reader, name string, opt Options) (List[Call], error) {
	return readList(r, name, opt, callColumns, (*listReader).call)
}

// A listReader reads the cells of one row by the name of their column.
type listReader struct {
	*sheet
	at   map[string]int
	rec  []string
	seen map[string]place
}

func readList[T any](r io.Reader, name string, opt Options, header string, row func(*listReader) T) (List[T], error) {
	s, err := openSheet(r, name, opt)
	if err != nil {
		return List[T]{}, err
	}
	return readRows(s, header, row)
}

func readRows[T any](s *sheet, header string, row func(*listReader) T) (List[T], error) {
	l := &listReader{sheet: s, at: map[string]int{}, seen: map[string]place{}}
	var missing []string
	for h := range strings.SplitSeq(header, ",") {
		h, optional := strings.CutSuffix(h, "?")
		i := s.column(append([]string{h}, aliases[h]...)...)
		if l.at[h] = i; i < 0 && !optional {
			missing = append(missing, h)
		}
	}
	if len(missing) > 0 {
		return List[T]{}, fmt.Errorf("%w: %s: add the columns %s; found %s", ErrFormat, s.name, strings.Join(missing, ", "), found(s.header))
	}
	var rows []T
	for {
		rec, more, err := s.next()
		if err != nil {
			return List[T]{}, err
		}
		if !more {
			break
		}
		if rec == nil {
			continue
		}
		if l.rec = rec; !s.width(rec) {
			s.done()
			continue
		}
		if v := row(l); s.done() {
			rows = append(rows, v)
		}
	}
	if err := s.close(); err != nil {
		return List[T]{}, err
	}
	return List[T]{s.Counts, rows, s.problems, s.notes}, nil
}

// aliases are further headers of the columns of lists.
var aliases = map[string][]string{
	"name":        {"rep", "sales_agent"},
	"region":      {"regional_office"},
	"opportunity": {"opportunity id", "opportunity_id"},
	"case":        {"opportunity", "opportunity id", "opportunity_id", "case id", "case_id", "case:concept:name"},
	"activity":    {"stage", "concept:name"},
	"time":        {"at", "timestamp", "time:timestamp", "complete timestamp"},
	"by":          {"resource", "org:resource"},
}

func (l *listReader) rep() Rep {
	r := Rep{l.need("name"), l.text("manager"), l.text("region"), l.date("start"), l.date("end"), l.name, l.line}
	if !r.End.IsZero() && r.End.Compare(r.Start) <= 0 {
		l.complain("end", "not after start; the end is the day after the last")
	}
	return r
}

func (l *listReader) split() Split {
	s := Split{Opportunity: l.need("opportunity"), Rep: l.need("rep"), File: l.name, Line: l.line}
	text, percent := strings.CutSuffix(l.need("share"), "%")
	s.Share = l.number("share", strings.TrimSpace(text))
	if percent {
		s.Share = s.Share.Shift(-2)
	}
	if !l.bad && (s.Share.Sign() <= 0 || s.Share.Cmp(decimal.New(1, 0)) > 0) {
		l.complain("share", "a share is above 0 and at most 1: write 0.6 or 60%")
	}
	overlay, ok := flag(l.text("overlay"))
	if s.Overlay = overlay; !ok {
		l.complain("overlay", "not a flag: true or false")
	}
	return s
}

func (l *listReader) event() Event {
	e := Event{
		ID: l.need("id"), Opportunity: l.need("opportunity"), Kind: strings.ToLower(l.need("kind")),
		File: l.name, Line: l.line,
	}
	l.once("id", e.ID)
	switch e.Kind {
	case Refund, Cancel, Invoice, Payment, "":
	default:
		l.complain("kind", "not a kind of event: refund, cancel, invoice or payment")
	}
	l.need("date")
	e.Date = l.date("date")
	e.Amount = l.positive("amount")
	return e
}

func (l *listReader) quota() Quota {
	q := Quota{
		Rep: l.need("rep"), Period: l.need("period"), Measure: l.text("measure"), Amount: l.positive("amount"),
		File: l.name, Line: l.line,
	}
	l.once("rep", q.Rep+"\x00"+q.Period+"\x00"+q.Measure)
	return q
}

func (l *listReader) state() State {
	l.need("as_of")
	l.need("close")
	s := State{
		AsOf: l.date("as_of"), Opportunity: l.need("opportunity"), Stage: l.need("stage"), Category: l.text("category"),
		Amount: l.number("amount", l.need("amount")), Close: l.date("close"), File: l.name, Line: l.line,
	}
	l.once("opportunity", s.Opportunity+"\x00"+s.AsOf.String())
	return s
}

func (l *listReader) call() Call {
	l.need("as_of")
	c := Call{
		Rep: l.need("rep"), Period: l.need("period"), AsOf: l.date("as_of"), Amount: l.positive("amount"),
		File: l.name, Line: l.line,
	}
	l.once("as_of", c.Rep+"\x00"+c.Period+"\x00"+c.AsOf.String())
	return c
}

// text returns a cell, empty if there is no such column.
func (l *listReader) text(column string) string {
	if i := l.at[column]; i >= 0 {
		return l.rec[i]
	}
	return ""
}

// need returns a cell that may not be empty.
func (l *listReader) need(column string) string {
	v := l.text(column)
	if v == "" {
		l.complain(column, "empty: fill it in")
	}
	return v
}

func (l *listReader) complain(column, msg string) { l.cellFault(l.at[column], l.text(column), msg) }

// once reports a key that occurred before.
func (l *listReader) once(column, key string) {
	if first, again := l.seen[key]; again {
		l.complain(column, fmt.Sprintf("the same as line %d: keep one of them", first.line))
		return
	}
	l.seen[key] = place{l.name, l.line}
}

// date reads a date in a list: lists are written for this package, so the order
// of day and month is not guessed at.
func (l *listReader) date(column string) salesops.Date {
	v := l.text(column)
	if v == "" {
		return salesops.Date{}
	}
	c, msg := parseDate(v)
	if msg == "" && c.open {
		msg = "day or month first? Write YYYY-MM-DD"
	}
	if msg != "" {
		l.complain(column, msg)
		return salesops.Date{}
	}
	d, _ := c.date(false)
	return d
}

// number reads a number; 1,234 is a thousand unless semicolons delimit.
func (l *listReader) number(column, text string) decimal.Decimal {
	if text == "" {
		return decimal.Decimal{}
	}
	c, msg := parseAmount(text)
	if msg != "" {
		l.complain(column, msg)
		return decimal.Decimal{}
	}
	if l.comma == ';' {
		return c.resolve(commaDecimal)
	}
	return c.resolve(pointDecimal)
}

// positive reads a number that may not be negative.
func (l *listReader) positive(column string) decimal.Decimal {
	d := l.number(column, l.need(column))
	if d.Sign() < 0 {
		l.complain(column, "negative: write it without sign")
	}
	return d
}
