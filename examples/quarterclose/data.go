package main

import (
	"strings"

	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/page"
)

// data tells what was read and what became of it.
func (r *report) data() {
	r.title("What was read", "")
	t := page.NewTable(2, "File", "Read as", "Rows read", "Used", "Skipped")
	for _, f := range r.Files {
		kind := f.Kind
		if kind == "" {
			kind = "not recognised, not read"
		}
		t.Add(f.Name, kind, page.Count(f.Read), page.Count(f.Used), page.Count(f.Skipped))
	}
	t.Rule()
	t.Add("Total", "", page.Count(r.Read), page.Count(r.Used), page.Count(r.Skipped))
	t.Print(&r.out)
	r.printf("\n  rows read %s = rows used %s + rows skipped %s\n", page.Count(r.Read), page.Count(r.Used), page.Count(r.Skipped))
	for i, p := range r.Problems {
		if i == 20 {
			r.printf("  ... and %d more problems\n", len(r.Problems)-i)
			break
		}
		page.Wrap(&r.out, "  skipped: ", "           ", p.String())
	}
	r.fate()
	for _, n := range r.Notes {
		page.Wrap(&r.out, "  Note: ", "        ", n)
	}
}

// fate tells how many opportunities matter for the quarter, and why the others
// do not.
func (r *report) fate() {
	whole := r.scheme.whole()
	names := [...]string{"won in " + r.name, "won earlier, under the plans", "won before the plans", "won later", "lost", "still open"}
	var n [len(names)]int
	for i := range r.Opportunities {
		o := &r.Opportunities[i]
		switch {
		case o.Status == crm.Lost:
			n[4]++
		case o.Status == crm.Open:
			n[5]++
		case r.quarter.Contains(o.Closed):
			n[0]++
		case !o.Closed.Before(r.quarter.End):
			n[3]++
		case whole.Contains(o.Closed):
			n[1]++
		default:
			n[2]++
		}
	}
	var parts []string
	for i, name := range names {
		if n[i] > 0 {
			parts = append(parts, page.Count(n[i])+" "+name)
		}
	}
	opportunities := page.Count(len(r.Opportunities)) + " opportunities"
	if len(r.Opportunities) == 1 {
		opportunities = "1 opportunity"
	}
	page.Wrap(&r.out, "  ", "  ", opportunities+": "+strings.Join(parts, ", ")+".")
}
