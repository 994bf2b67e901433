// Package sample is a company for the examples: its opportunities, reps,
// splits, events and quotas of the fiscal year 2026, which is the calendar year.
// Company, people and accounts are invented; the figures are drawn by a seeded
// generator, so that everybody has the same ones.
//
// Northlight sells six software products in three regions. What is in the files
// that examples need:
//
//   - opportunities.csv: about 2,000 opportunities as a Salesforce report, US
//     dates, with the further columns Region, Segment and Term (months). They
//     were exported at the end of the year: some are still open, a few of these
//     with a closing day that has passed. Deals bunch at the ends of months and
//     quarters, and the fourth quarter is the largest.
//   - reps.csv: 29 account executives and one overlay specialist under six
//     managers. A row is a span [start, end) of one rep under one manager:
//     Amina Diallo-Ross was hired on 2026-08-17, Viktor Hradec left after
//     2026-10-16, Hana Vesely was on leave for six weeks from 2026-04-20, and
//     Luca Ferrante went from one manager to the other on 2026-07-01.
//   - splits.csv: won deals whose credit two reps share, and those that the
//     specialist, Yara Haddad, helped to win. An opportunity without a row
//     belongs to its owner alone, and one with overlay rows only as well.
//   - events.csv: invoices and payments of won deals in one to three
//     instalments, refunds, and cancellations with the amount that will not be
//     invoiced any more. What happens after the year is not known yet.
//   - quotas.csv: bookings quotas of the account executives by quarter, reduced
//     for part quarters, and overlay quotas of the specialist.
//
// The files are read with ReadDir of the package crm beside this one.
package sample

import "embed"

//go:generate go run ./gen

// FS holds the files.
//
//go:embed *.csv
var FS embed.FS
