// Command gen writes the files of the sample company into the folder it is run
// in. It draws from a seeded generator and computes with integers only, so that
// every machine writes the same bytes.
package main

import (
	"log"
	"os"
)

func main() {
	for name, text := range generate() {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// generate returns the files by name.
func generate() map[string][]byte {
	c := newCompany(newSource(2017))
	c.sell()
	c.split()
	c.collect()
	c.watch()
	c.call()
	c.recall(newSource(2019))
	c.remember(newSource(2056))
	return map[string][]byte{
		"opportunities.csv": c.opportunitiesCSV(),
		"reps.csv":          c.repsCSV(),
		"splits.csv":        c.splitsCSV(),
		"events.csv":        c.eventsCSV(),
		"quotas.csv":        c.quotasCSV(),
		"snapshots.csv":     c.snapshotsCSV(),
		"calls.csv":         c.callsCSV(),
		"history.csv":       c.historyCSV(),
	}
}
