// Command quarterclose closes a quarter: it reads what was sold and prints what
// everybody has earned, what is paid now and what is carried on, down to the
// arithmetic behind each line of one person's statement. A scoreboard sets the
// quarter beside the one before and that of a year ago, and the reps beside each
// other, and says which differences are more than chance. Then it looks ahead: what
// became of the quarter's pipeline, what is open for the next one, what that will
// bring with its range and the chance of quota, and how good past calls were.
//
//	go run ./examples/quarterclose
//
// closes a quarter of the embedded sample company. With
//
//	go run ./examples/quarterclose -opportunities export.csv
//
// it closes the last complete quarter of a CRM export instead: an opportunity
// export of Salesforce, HubSpot or Pipedrive, or a folder with one and, if there
// are any, lists of reps, splits, events and quotas (package crm says what they
// look like). Flags choose the plan, the quotas, the quarter and the person whose
// statement is explained; see -help.
//
// Without -plan, an export is paid by a default plan. It pays on each rep's
// bookings in the quarter: with quotas 8 % up to quota and 12 % above,
// without quotas 6 % up to 75,000, 9 % up to 150,000 and 12 % above, in the
// currency of the export. Overlay shares are paid like others.
//
// All quarters of the plan up to the one asked for are closed in order, each
// from the balances of the one before, so that refunds, late payments, limits and
// draws show as they would in real life.
//
// The forecast uses what was known when the quarter ended. Stages, categories and
// expected days of that time come from snapshots, and calls from a list of them, if
// the folder has these; the projection needs nothing but the days on which deals were
// created and closed.
//
// A bad row ends the run with status 1 before anything is printed on standard
// output, or is left out and counted with -skip-bad.
package main

import (
	"io"

	"github.com/salesops-go/salesops/examples/internal/command"
)

func main() { command.Main("quarterclose", closeQuarter) }

// closeQuarter reads, computes and writes the report, in this order. There is no
// report with an error, but for errControl.
func closeQuarter(args []string, stderr io.Writer) ([]byte, error) {
	opt, err := parseOptions(args, stderr)
	if err != nil {
		return nil, err
	}
	in, err := load(opt)
	if err != nil {
		return nil, err
	}
	b, err := openBooks(in)
	if err != nil {
		return nil, err
	}
	if err := b.close(); err != nil {
		return nil, err
	}
	explained, err := pickRep(opt.rep, b)
	if err != nil {
		return nil, err
	}
	return makeReport(in, b, explained)
}
