# Generates models.cpp from tests/laws/models.txt: a step of every model of the table at its benchmark size.
include(${PROJECT_SOURCE_DIR}/tests/laws/models.cmake)
set(_includes "")
set(_steps "")
macro(tacit_bench_model)
  string(APPEND _includes "#include <tacit/model/${_header}>\n")
  string(APPEND _steps "BENCHMARK_CAPTURE(step, ${_type}_double, [] { return ${_type}<double>(${_large}); })->Unit(benchmark::kMicrosecond);\n"
    "BENCHMARK_CAPTURE(step, ${_type}_float, [] { return ${_type}<float>(${_large}); })->Unit(benchmark::kMicrosecond);\n")
endmacro()
tacit_each_model(tacit_bench_model)
configure_file(models.cpp.in models.cpp @ONLY)
