// Package sample is a company for the examples: its opportunities, reps, splits,
// events, quotas, snapshots, calls and stage history of the fiscal year 2026, which is the
// calendar year, and the opportunities that closed in the year before. Company, people and
// accounts are invented; the figures are drawn by a seeded generator, so that everybody has
// the same ones.
//
// Northlight sells six software products in three regions. What is in the files
// that examples need:
//
//   - opportunities.csv: about 3,250 opportunities as a Salesforce report, US
//     dates, with the further columns Region, Segment and Term (months). They
//     were exported at the end of the year: some are still open, a few of these
//     with a closing day that has passed. Deals bunch at the ends of months and
//     quarters, and the fourth quarter is the largest. About 1,150 of them closed
//     in 2025, when the company was little more than half as large: they are there
//     to compare with, and to learn from how deals close. The other files tell
//     nothing of them.
//
//   - reps.csv: 29 account executives and one overlay specialist under six
//     managers. A row is a span [start, end) of one rep under one manager:
//     Amina Diallo-Ross was hired on 2026-08-17, Viktor Hradec left after
//     2026-10-16, Hana Vesely was on leave for six weeks from 2026-04-20, and
//     Luca Ferrante went from one manager to the other on 2026-07-01.
//
//   - splits.csv: won deals whose credit two reps share, and those that the
//     specialist, Yara Haddad, helped to win. An opportunity without a row
//     belongs to its owner alone, and one with overlay rows only as well.
//
//   - events.csv: invoices and payments of won deals in one to three
//     instalments, refunds, and cancellations with the amount that will not be
//     invoiced any more. What happens after the year is not known yet.
//
//   - quotas.csv: bookings quotas of the account executives by quarter, reduced
//     for part quarters, and overlay quotas of the specialist.
//
//   - snapshots.csv: the open opportunities as they stood at the start of each
//     quarter and of the next year, with stage, forecast category, amount and
//     expected closing day of that time. Closing days slip, a few have passed
//     unnoticed, and amounts shrink more often than they grow.
//
//   - calls.csv: what reps and managers said, every seven days from the first day
//     of a quarter on, that it would bring. Some always promise too much and some
//     too little; managers call for their team, and not every week.
//
//   - history.csv: when each opportunity that did not close in 2025 came to each
//     stage, in UTC, and who moved it. Most go through all stages, some jump over
//     one or fall back, and the deals of the team of Tomasz Wieczorek wait longer
//     in Needs Analysis.
//
// The lists are read with ReadDir of the package crm beside this one.
//
// What people are paid by is in JSON:
//
//   - plan-ae-2026-h1.json and plan-ae-2026-h2.json: the account executives' plan,
//     and the one that replaced it on July 1. They are two plans and not two
//     versions of one, because the deals of the first half stay under its rules:
//     the day a deal was booked picks its plan, so a refund in August of a deal
//     of March takes back what the old plan paid for it, and money that a
//     customer pays for it releases what the old plan held. A new version of one plan
//     would instead take over its books and pay old deals again by the new
//     rules, as a difference. The old plan charges what it takes back, so that
//     it comes off what the new one pays.
//   - plan-overlay-2026.json: the specialist's plan, a target incentive by
//     attainment, capped in a quarter with the excess deferred to the next.
//   - plan-manager-2026.json: the managers' plan, on the credits of their teams.
//     It has no clawback: refunds are negative credits of the day they happen.
//   - terms.json: who is on which plan from when, with target incentives and the
//     guarantee of the rep hired in August.
package sample

import "embed"

//go:generate go run ./gen

// FS holds the files.
//
//go:embed *.csv plan-*.json terms.json
var FS embed.FS
