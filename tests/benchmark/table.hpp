// SPDX-License-Identifier: MIT
/// \file
/// The reporter: a table of the medians of all repetitions, compared to the baselines.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "measure.hpp"

namespace measured {

/// Collects the repetitions of all cases, in whatever order they come.
class Table final : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context& context) override {
        PrintBasicContext(&GetErrorStream(), context);
        return true;
    }

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            Case& one = cases_[run.family_index];
            one.name = run.run_name.function_name;
            one.times.push_back(run.GetAdjustedRealTime());
            one.allocations = run.counters.at("allocations");
        }
    }

    /// Prints a row for each case that is no mere baseline, with tabs between its cells or aligned.
    void print(bool with_tabs) const {
        std::vector<Cells> rows{{"workload", "regime", "case", "ns", "net ns", "net / names",
                                 "naive / net", "allocations", "empty ns", "names ns"}};
        for (const auto& [index, one] : cases_) {
            if (one.subject() != empty_handler && one.subject() != names) rows.push_back(row(one));
        }
        if (!with_tabs) align(rows);
        for (const Cells& cells : rows) {
            for (const std::string& cell : cells) {
                std::printf("%s%s",
                            &cell == &cells[0] ? ""
                            : with_tabs        ? "\t"
                                               : "  ",
                            cell.c_str());
            }
            std::printf("\n");
        }
        if (!with_tabs) std::printf("%s", legend);
    }

  private:
    struct Case {
        std::string name;           ///< workload/regime/subject
        std::vector<double> times;  ///< ns for a request, of each repetition
        double allocations = 0;     ///< for a request

        std::string group() const { return name.substr(0, name.rfind('/')); }
        std::string subject() const { return name.substr(name.rfind('/') + 1); }
    };
    using Cells = std::vector<std::string>;

    static constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

    static constexpr const char* legend =
        "\n"
        "ns: for a request, the median of all repetitions. net: less the empty handler. names: "
        "net,\n"
        "a pass over name.size() of all header lines. naive: net, the naive port, which decides "
        "and\n"
        "rewrites; resolve decides only. Header lines are in random order in all requests.\n";

    static double median(std::vector<double> values) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    }

    /// The time of another case of the same workload and regime.
    double time(const Case& one, std::string_view subject) const {
        for (const auto& [index, other] : cases_) {
            if (other.group() == one.group() && other.subject() == subject) {
                return median(other.times);
            }
        }
        return not_measured;
    }

    Cells row(const Case& one) const {
        const double own = median(one.times), empty = time(one, empty_handler);
        const double net = own - empty, names_net = time(one, names) - empty;
        const std::string group = one.group();
        const std::size_t slash = group.find('/');
        return {group.substr(0, slash),
                group.substr(slash + 1),
                one.subject(),
                text(own),
                text(net),
                text(net / names_net),
                text((time(one, naive) - empty) / net),
                text(one.allocations),
                text(empty),
                text(names_net)};
    }

    static std::string text(double number) {
        if (std::isnan(number)) return "-";
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.1f", number);
        return digits;
    }

    /// Makes the cells of a column equally wide: words on the left, numbers on the right.
    static void align(std::vector<Cells>& rows) {
        for (std::size_t i = 0; i < rows[0].size(); ++i) {
            std::size_t width = 0;
            for (const Cells& cells : rows) width = std::max(width, cells[i].size());
            for (Cells& cells : rows) {
                const bool is_word = i < 3;
                cells[i].insert(is_word ? cells[i].size() : 0, width - cells[i].size(), ' ');
            }
        }
    }

    std::map<std::int64_t, Case> cases_;  ///< in the order in which they were registered
};

}  // namespace measured
