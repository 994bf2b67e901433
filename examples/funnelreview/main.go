// Command funnelreview reads an event log and tells where deals stall: how many reach each stage, how long they stay there,
// which ways they take, which stages have become slower or lose more than before, and what each month's deals have come to.
//
//	go run ./examples/funnelreview
//
// does so for the stage history of the embedded sample company. With
//
//	go run ./examples/funnelreview -log history.csv -stages "Qualification,Proposal,Negotiation" -won "Closed Won" -lost "Closed Lost"
//
// it reads a log of your own: one row for each time that a case came to a stage, with the case, the stage (or activity) and
// the time, delimited by commas, semicolons or tabs, compressed by gzip or not. Columns are found by the usual names
// (package crm says which), or named by -case, -activity, -time and -by.
//
// Without -stages there is no pipeline, only a process: the review then tells the ways that cases take, what follows what
// and how long it takes, and what is done again.
//
// Activities that are neither stages nor ends are left out of the funnel, but not of the ways, and so is what follows the
// first end of a case, unless -reopen says that deals may come back. Both are counted.
//
// Slow points come from comparing the cases that began on the day -split or later with those that began before; by default
// the day halves the cases.
//
// A bad row ends the run with status 1 before anything is printed on standard output, or is left out and counted with
// -skip-bad.
package main

import (
	"io"

	"github.com/salesops-go/salesops/examples/internal/command"
)

func main() { command.Main("funnelreview", review) }

// review reads, computes and writes the report.
func review(args []string, stderr io.Writer) ([]byte, error) {
	opt, err := parseOptions(args, stderr)
	if err != nil {
		return nil, err
	}
	in, err := load(opt)
	if err != nil {
		return nil, err
	}
	return makeReport(in)
}
