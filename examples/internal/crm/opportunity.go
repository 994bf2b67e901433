package crm

import (
	"io"

	"github.com/salesops-go/salesops"
	"github.com/shopspring/decimal"
)

// Status tells whether an opportunity is decided, and how.
type Status int

const (
	// Open is an opportunity still worked on.
	Open Status = iota
	// Won is an opportunity closed with an order.
	Won
	// Lost is an opportunity closed without one.
	Lost
)

// String returns "open", "won" or "lost".
func (s Status) String() string {
	switch s {
	case Won:
		return "won"
	case Lost:
		return "lost"
	}
	return "open"
}

// An Opportunity is one row of an export. Text is as the file has it, without
// surrounding blanks; what the export does not tell is empty or zero.
type Opportunity struct {
	ID      string // never empty, unique within a result
	Name    string
	Account string
	Owner   string // never empty
	Product string
	Type    string // new, renewal, … as given
	Stage   string // as given
	Status  Status
	// Probability is what the system holds of the chance to win, from 0 to 1, as a rule that of the stage. It is nil if
	// the export does not tell, or not in a way that can be read: it is no reason to call a row bad.
	Probability *decimal.Decimal
	// Created is the day the opportunity was entered.
	Created salesops.Date
	// Closed is the day it was won or lost, never zero then. For open ones it
	// is the expected closing day. It is the day the export shows; no time zone
	// is applied.
	Closed salesops.Date
	// Amount is exact. It may be zero or negative. Won opportunities always
	// have one in the file; for others a missing amount is zero.
	Amount decimal.Decimal
	// Currency is the ISO 4217 code, empty if neither the row nor
	// [Options.Currency] gives one.
	Currency string
	// Tags holds the cells of all further columns that are not empty, up to
	// 256 bytes each, by their header in lower case ("region", "term"). It is
	// nil when there are none.
	Tags map[string]string
	File string
	Line int // where the row starts
}

// Export is the result of reading one opportunity export.
type Export struct {
	Counts
	System        System
	Opportunities []Opportunity // in the order of the file
	Problems      []Problem     // of the skipped rows, by line
	Notes         []string      // assumptions made, for the user to read
}

// Read reads an opportunity export of a system that it recognises by the
// header. name is the name of the file for messages.
//
// Read returns an error, and the zero Export, if:
//   - the file is not UTF-8 text, is empty, or lacks essential columns
//     ([ErrFormat]);
//   - it is over a limit of opt ([ErrLimit]);
//   - any row is bad and opt.SkipBad is not set ([*ProblemsError]);
//   - r fails.
//
// A row is bad if a date, an amount, a currency or the status cannot be read
// with certainty, if its ID or owner is missing, if it is won or lost without
// a closing day or won without an amount, if its ID occurred before, or if it
// does not have the cells of the header.
func Read(r io.Reader, name string, opt Options) (Export, error) {
	s, err := openSheet(r, name, opt)
	if err != nil {
		return Export{}, err
	}
	l := recognise(s.keys)
	if l == nil {
		return Export{}, s.unrecognised()
	}
	e, err := s.readOpportunities(l, make(map[string]place))
	if err != nil {
		return Export{}, err
	}
	return e, nil
}
