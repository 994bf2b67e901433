// Command forecastcall forecasts next month's bookings, and first shows how good
// its forecasts of past months would have been: it goes back to the end of each of
// the last eight months, forgets what happened later, forecasts the next month, and
// compares with what was won.
//
//	go run ./examples/forecastcall
//
// does so for the embedded sample company. With
//
//	go run ./examples/forecastcall -opportunities export.csv
//
// it reads a CRM export instead: an opportunity export of Salesforce, HubSpot or
// Pipedrive, or a folder with one (package crm says what they look like). It must
// have the day each opportunity was created.
//
// Three forecasts stand side by side: last month's bookings again; the share of
// closed deals that were won, times all open deals, as spreadsheets do it; and the
// projection of package forecast, which knows how long deals take, how the months of
// the quarter differ, and that some deals of next month do not exist yet.
//
// The range of the projection is that in which 8 of 10 outcomes should fall. How
// far outcomes may be from the projection is learned from the months before.
//
// Exports often begin with the deals that were open on some day. Deals that had
// closed before are missing, and so deals created before are watched from that
// day on only: by default, the day of the first closing in the file. Flag -since
// names another day, "always" for a complete history.
//
// The amount of an opportunity is the one that the export shows, which may not be the one
// that was known at the time; the replay is a little too good for that. If the
// folder has list prices (those of the Maven data set), deals not yet won are taken at
// their list price, times what deals won until then brought of theirs.
package main

import (
	"io"

	"github.com/salesops-go/salesops/examples/internal/command"
)

func main() { command.Main("forecastcall", call) }

// call reads, replays the past months, forecasts the next one and writes the report.
func call(args []string, stderr io.Writer) ([]byte, error) {
	opt, err := parseOptions(args, stderr)
	if err != nil {
		return nil, err
	}
	c, err := load(opt)
	if err != nil {
		return nil, err
	}
	months, err := c.replay(opt.months)
	if err != nil {
		return nil, err
	}
	return makeReport(c, months), nil
}
