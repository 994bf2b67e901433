// Package metrics answers how a sales team is doing: the KPIs of sales operations, each with its definition, its
// uncertainty, and a value only where there is one.
package metrics
