// Package series forecasts numbers that come in time: bookings by month, leads by week, calls by day.
package series
