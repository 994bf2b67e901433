package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/sample"
	"github.com/salesops-go/salesops/forecast"
)

// company is what forecasts are made from.
type company struct {
	source   string // for the heading
	calendar salesops.Calendar
	deals    []forecast.Deal
	prices   map[string]decimal.Decimal // the list prices of the deals, if the export has them, else nil
	counts   crm.Counts
	notes    []string
	since    salesops.Date // the day from which on all closings are known; zero: always
	lastDay  salesops.Date // the last day that anything happened
}

// load reads the opportunities.
func load(opt options) (*company, error) {
	c := &company{source: "Northlight, the sample company", calendar: opt.calendar()}
	in, err := c.read(opt.opportunities)
	if err != nil {
		return nil, err
	}
	if len(in.Problems) > 0 && !opt.skipBad {
		err := &crm.ProblemsError{Counts: in.Counts, Problems: in.Problems}
		return nil, fmt.Errorf("%w\nmend these rows, or leave them out with -skip-bad", err)
	}
	c.counts, c.notes = in.Counts, in.Notes
	undated, backwards := 0, 0
	for i := range in.Opportunities {
		o := &in.Opportunities[i]
		switch {
		case o.Created.IsZero():
			undated++
		case o.Status != crm.Open && o.Closed.Before(o.Created):
			backwards++
		default:
			if err := c.add(o); err != nil {
				return nil, err
			}
		}
	}
	if undated > 0 && len(c.deals) == 0 {
		return nil, errors.New("the export does not have the day on which opportunities were created (Created Date)")
	}
	if undated > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%d opportunities without the day they were created are left out", undated))
	}
	if backwards > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%d opportunities that closed before they were created are left out", backwards))
	}
	return c, c.span(opt.since)
}

// read reads the sample, a folder, or one file.
func (c *company) read(path string) (crm.Company, error) {
	opt := crm.Options{SkipBad: true}
	if path == "" {
		return crm.ReadDir(sample.FS, opt)
	}
	c.source = filepath.Base(filepath.Clean(path))
	info, err := os.Stat(path)
	if err != nil {
		return crm.Company{}, err
	}
	if info.IsDir() {
		return crm.ReadDir(os.DirFS(path), opt)
	}
	f, err := os.Open(path)
	if err != nil {
		return crm.Company{}, err
	}
	defer f.Close()
	e, err := crm.Read(f, filepath.Base(path), opt)
	return crm.Company{Counts: e.Counts, Opportunities: e.Opportunities, Problems: e.Problems, Notes: e.Notes}, err
}

// add takes an opportunity over.
func (c *company) add(o *crm.Opportunity) error {
	d := forecast.Deal{ID: o.ID, Owner: o.Owner, Stage: o.Stage, Amount: o.Amount, Currency: o.Currency, Created: o.Created}
	switch o.Status {
	case crm.Won:
		d.Status, d.Close = forecast.Won, o.Closed
	case crm.Lost:
		d.Status, d.Close = forecast.Lost, o.Closed
	default:
		d.Status = forecast.Open
	}
	if n := len(c.deals); n > 0 && c.deals[n-1].Currency != d.Currency {
		return fmt.Errorf("the export has amounts in %q and %q: forecast each currency by itself", c.deals[n-1].Currency, d.Currency)
	}
	if price, ok := o.Tags["sales_price"]; ok {
		p, err := decimal.NewFromString(strings.ReplaceAll(price, ",", ""))
		if err != nil {
			return fmt.Errorf("%s: sales price %q is not a number", o.ID, price)
		}
		if c.prices == nil {
			c.prices = map[string]decimal.Decimal{}
		}
		c.prices[d.ID] = p
	}
	c.deals = append(c.deals, d)
	return nil
}

// span finds the days that the export covers.
func (c *company) span(since string) error {
	if len(c.prices) != len(c.deals) {
		c.prices = nil // some have none
	}
	var firstClosing salesops.Date
	for i := range c.deals {
		d := &c.deals[i]
		for _, day := range []salesops.Date{d.Created, d.Close} {
			if day.After(c.lastDay) {
				c.lastDay = day
			}
		}
		if !d.Close.IsZero() && (firstClosing.IsZero() || d.Close.Before(firstClosing)) {
			firstClosing = d.Close
		}
	}
	if firstClosing.IsZero() {
		return errors.New("no opportunity is won or lost: nothing tells how deals close")
	}
	switch since {
	case "":
		c.since = firstClosing
	case "always":
	default:
		c.since, _ = salesops.ParseDate(since) // the options were checked
	}
	return nil
}

// known returns the deals as they were known at the end of a day.
func (c *company) known(asOf salesops.Date) []forecast.Deal {
	deals := append([]forecast.Deal(nil), c.deals...)
	if c.prices != nil {
		won, list := decimal.Zero, decimal.Zero
		for _, d := range deals {
			if d.Status == forecast.Won && !d.Close.After(asOf) {
				won, list = won.Add(d.Amount), list.Add(c.prices[d.ID])
			}
		}
		realised := decimal.New(1, 0)
		if list.IsPositive() {
			realised = won.DivRound(list, 6)
		}
		for i := range deals {
			if d := &deals[i]; d.Status != forecast.Won || d.Close.After(asOf) {
				d.Amount = c.prices[d.ID].Mul(realised)
			}
		}
	}
	return forecast.Rewind(deals, asOf)
}

// sizeOf is what tells large deals from small ones: the amount, or the list price if there is one. The amounts of won deals, which
// are not list prices, would tell which deals were won.
func (c *company) sizeOf(d forecast.Deal) decimal.Decimal {
	if c.prices != nil {
		return c.prices[d.ID]
	}
	return d.Amount
}

// won is what was won in a period.
func (c *company) won(p salesops.Period) decimal.Decimal {
	sum := decimal.Zero
	for _, d := range c.deals {
		if d.Status == forecast.Won && p.Contains(d.Close) {
			sum = sum.Add(d.Amount)
		}
	}
	return sum
}
