package crm

import (
	"fmt"
	"strings"

	"github.com/salesops-go/salesops"
)

const maxTag = 256

// A place is where an ID was first seen.
type place struct {
	file string
	line int
}

// An exportReader holds what is decided only when all rows are known.
type exportReader struct {
	*sheet
	*columns
	seen   map[string]place
	stages map[string]Status // Options.Stages by lower case
	opps   []Opportunity
	spoilt map[int]bool // indices of opps that turned out bad

	dates      []openDate
	monthFirst int // cells that prove it
	dayFirst   int
	amounts    []openAmount
	points     int // cells that prove a decimal point
	commas     int
}

// An openDate is kept small: a file may have millions.
type openDate struct {
	row    int32
	column int16
	closed bool // field Closed, else Created
	cell   dateCell
}

type openAmount struct {
	row  int
	cell amountCell
}

func (s *sheet) readOpportunities(l *layout, seen map[string]place) (Export, error) {
	c, err := s.locate(l)
	if err != nil {
		return Export{}, err
	}
	r := &exportReader{sheet: s, columns: c, seen: seen, stages: map[string]Status{}, spoilt: map[int]bool{}}
	for k, v := range s.opt.Stages {
		r.stages[strings.ToLower(strings.TrimSpace(k))] = v
	}
	tail := footer{sheet: s}
	for {
		rec, more, err := s.next()
		if err != nil {
			return Export{}, err
		}
		if !more {
			break
		}
		if rec == nil || tail.holds(rec, l.system) {
			continue
		}
		if s.width(rec) {
			r.row(rec)
		} else {
			s.done()
		}
	}
	tail.end()
	r.resolveDates()
	r.resolveAmounts()
	r.dropSpoilt()
	if l.system == SalesforceAPI && s.keys[c.at[fieldOwner]] == "ownerid" {
		s.note("owners are record IDs: list reps by ID, or export Owner.Name")
	}
	err = s.close()
	if err != nil {
		return Export{}, err
	}
	return Export{s.Counts, l.system, r.opps, s.problems, s.notes}, nil
}

// cell returns the cell of a field, empty when the export lacks the field.
func (r *exportReader) cell(rec []string, f field) string {
	if i := r.at[f]; i >= 0 {
		return rec[i]
	}
	return ""
}

// complain reports a problem with the cell of a field.
func (r *exportReader) complain(rec []string, f field, msg string) {
	if i := r.at[f]; i >= 0 {
		r.cellFault(i, rec[i], msg)
		return
	}
	r.fault("", "", msg)
}

// row reads one row of full width.
func (r *exportReader) row(rec []string) {
	o := Opportunity{
		ID:      r.cell(rec, fieldID),
		Name:    r.cell(rec, fieldName),
		Account: r.cell(rec, fieldAccount),
		Owner:   r.cell(rec, fieldOwner),
		Product: r.cell(rec, fieldProduct),
		Type:    r.cell(rec, fieldType),
		Stage:   r.cell(rec, fieldStage),
		File:    r.name,
		Line:    r.line,

		Probability: r.chance(rec),
	}
	switch first, again := r.seen[o.ID]; {
	case o.ID == "":
		r.complain(rec, fieldID, "no ID: export the ID of each record")
	case again && first.file == r.name:
		r.complain(rec, fieldID, fmt.Sprintf("the ID is also on line %d: keep one row an opportunity (reports with products have one a product)", first.line))
	case again:
		r.complain(rec, fieldID, fmt.Sprintf("the ID is also in %s, line %d: keep one of the files or rows", first.file, first.line))
	default:
		r.seen[o.ID] = place{r.name, r.line}
	}
	if o.Owner == "" {
		r.complain(rec, fieldOwner, "no owner: assign one, credits need it")
	}
	var statusColumn field
	var msg string
	o.Status, statusColumn, msg = r.status(rec)
	if msg != "" {
		r.complain(rec, statusColumn, msg)
	}

	index := len(r.opps)
	openDates, openAmounts := len(r.dates), len(r.amounts)
	o.Created = r.date(rec, fieldCreated, index, false)
	closing := r.closing(o.Status)
	if r.cell(rec, closing) == "" && o.Status != Open && msg == "" {
		r.complain(rec, closing, "closed without a closing day: fill it in")
	}
	o.Closed = r.date(rec, closing, index, true)
	r.amount(rec, &o, index)
	r.keep(rec, &o)
	if !r.done() {
		// Dates and amounts of bad rows are evidence, but need no answer.
		r.dates, r.amounts = r.dates[:openDates], r.amounts[:openAmounts]
		return
	}
	r.opps = append(r.opps, o)
}

// closing returns the field that holds the closing day.
func (r *exportReader) closing(st Status) field {
	if r.system != Pipedrive {
		return fieldClosed
	}
	want := fieldExpected
	switch st {
	case Won:
		want = fieldWonTime
	case Lost:
		want = fieldLostTime
	}
	if r.at[want] < 0 && st != Open {
		return fieldClosed
	}
	return want
}

// date reads a date cell. Cells that could be read in two ways are put by.
func (r *exportReader) date(rec []string, f field, index int, closed bool) salesops.Date {
	text := r.cell(rec, f)
	if text == "" {
		return salesops.Date{}
	}
	c, msg := parseDate(text)
	if msg != "" {
		r.complain(rec, f, msg)
		return salesops.Date{}
	}
	if !c.open {
		d, _ := c.date(false)
		return d
	}
	month, day := c.evidence()
	if month {
		r.monthFirst++
	}
	if day {
		r.dayFirst++
	}
	r.dates = append(r.dates, openDate{int32(index), int16(r.at[f]), closed, c})
	return salesops.Date{}
}

// amount reads amount and currency. An amount that could be read in two ways is
// put by.
func (r *exportReader) amount(rec []string, o *Opportunity, index int) {
	var beside string
	if text := r.cell(rec, fieldAmount); text != "" {
		c, msg := parseAmount(text)
		if msg != "" {
			r.complain(rec, fieldAmount, msg)
		}
		switch c.proves {
		case pointDecimal:
			r.points++
		case commaDecimal:
			r.commas++
		}
		o.Amount, beside = c.value, c.currency
		if c.open {
			r.amounts = append(r.amounts, openAmount{index, c})
		}
	} else if o.Status == Won {
		r.complain(rec, fieldAmount, "won without an amount: fill it in, 0 if there is none")
	}
	o.Currency = strings.ToUpper(r.cell(rec, fieldCurrency))
	switch {
	case o.Currency != "" && !isCode(o.Currency):
		r.complain(rec, fieldCurrency, "not a currency: write the ISO 4217 code, such as EUR")
	case o.Currency != "" && beside != "" && beside != o.Currency:
		r.complain(rec, fieldAmount, "the amount is in "+beside+" and the currency column says "+o.Currency+": export the amount in its own currency")
	case o.Currency == "" && beside != "":
		o.Currency = beside
	case o.Currency == "":
		o.Currency = r.opt.Currency
	}
}

// keep puts the further columns into the tags.
func (r *exportReader) keep(rec []string, o *Opportunity) {
	for n, i := range r.extra {
		if v := rec[i]; v != "" && len(v) <= maxTag {
			if o.Tags == nil {
				o.Tags = make(map[string]string, len(r.extra)-n)
			}
			if _, taken := o.Tags[r.tags[n]]; !taken {
				o.Tags[r.tags[n]] = v
			}
		}
	}
}
