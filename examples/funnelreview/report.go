package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/funnel"
)

// report is what is printed, section by section.
type report struct {
	out bytes.Buffer
	*input
	flow    funnel.Flow
	section int
}

// makeReport computes and writes the sections.
func makeReport(in *input) ([]byte, error) {
	r := &report{input: in}
	head := fmt.Sprintf("FUNNEL REVIEW   %s, as of %s", in.source, in.asOf)
	r.printf("%s\n%s\n", head, strings.Repeat("=", min(len([]rune(head)), page.Width)))
	r.read()
	sections := []func() error{r.ways, r.graph}
	if len(in.stages) > 0 {
		for _, j := range in.whole() {
			if err := r.flow.Add(in.view, j); err != nil {
				return nil, err
			}
		}
		if r.flow.Journeys() == 0 {
			return nil, fmt.Errorf("no case of %s began on %s or later: give an earlier -since", in.source, in.since)
		}
		sections = []func() error{r.chart, r.visits, r.horizon, r.slow, r.cohortTable, r.ageing, r.ways, r.graph}
	}
	for _, s := range sections {
		if err := s(); err != nil {
			return nil, err
		}
	}
	return r.out.Bytes(), nil
}

func (r *report) printf(format string, args ...any) { fmt.Fprintf(&r.out, format, args...) }

// title starts a section: what it shows, and how to read it.
func (r *report) title(title, text string) {
	r.section++
	r.printf("\n\n%d. %s\n", r.section, strings.ToUpper(title))
	if text != "" {
		page.Wrap(&r.out, "  ", "  ", text)
	}
	r.printf("\n")
}

// text writes a paragraph after a table.
func (r *report) text(text string) {
	r.printf("\n")
	page.Wrap(&r.out, "  ", "  ", text)
}

// read tells what the review rests on.
func (r *report) read() {
	r.title("What was read", "")
	r.printf("  rows read %s = rows used %s + rows skipped %s\n", page.Count(r.counts.Read), page.Count(r.counts.Used), page.Count(r.counts.Skipped))
	first := began(r.cases[0])
	r.printf("  %s of %s from %s to %s\n", page.Things(r.events, "event"), page.Things(len(r.cases), "case"), first, r.asOf)
	for _, n := range []struct {
		n         int
		one, text string
	}{
		{r.unknown, "event", "after " + r.asOf.String() + ": not looked at"},
		{r.others, "event", "of what is neither a stage nor an end"},
		{r.after, "event", "after the end of the case, or an end before any stage"},
		{r.outside, "case", "that never came to a stage"},
		{len(r.journeys) - len(r.whole()), "case", "begun before " + r.since.String() + ", when the log was not complete: only ages count, from then on"},
	} {
		if n.n > 0 {
			r.printf("  %s %s\n", page.Things(n.n, n.one), n.text)
		}
	}
	for _, n := range r.notes {
		r.printf("  note: %s\n", n)
	}
}

// span writes a time in the largest unit that it has two of.
func span(nanoseconds float64) string {
	d := time.Duration(nanoseconds)
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.1f d", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.1f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
