#cmake - DPROGRAM = ... - DSCRIPT = scores.py - P program.cmake : a small race of the program, \
         its scores recomputed by numpy where there is one, and what it refuses.
cmake_minimum_required(VERSION 3.24) set(_out ${CMAKE_CURRENT_BINARY_DIR} / optimizer_race) file(REMOVE_RECURSE ${_out})
    set(_problem "matrix_completion({.rows = 10, .cols = 10, .rank = 1, .observed = 60, .depth = 2, .product_scale = 0.1})")
        set(_race-- optimizers adam "momentum({.beta = 0.5|0.9})" lbfgs "gradient_descent({.rate = 1e9})" --problems
            "${_problem}"
            "diagonal_regression({.size = 20, .observed = 10, .sparsity = "
            "2})" --trials 5 --grid 3 --gradients 300 --targets 1e-1 1e-3 1e-5 --seeds 101 102 103 --quorum 2 --out ${_out} /
            race)

            function(run expected) execute_process(COMMAND ${PROGRAM} ${
                ARGN} RESULT_VARIABLE _code OUTPUT_VARIABLE _text ERROR_VARIABLE _error) if (NOT _code EQUAL expected)
                message(FATAL_ERROR "optimizer_race ${ARGN}: exit code ${_code}, ${expected} is due\n${_text}${_error}") endif()
                    set(_text "${_text}${_error}" PARENT_SCOPE) endfunction() function(refuses words) run(1 ${ARGN})
                        string(FIND
                               "${_text}"
                               "${words}" _at) if (_at EQUAL - 1)
                            message(FATAL_ERROR "optimizer_race ${ARGN}: said\n${_text}without '${words}'") endif() endfunction()

                                run(0 ${_race}) foreach (_name results cells runs trials curves bands profiles seconds seconds_scores) if (
                                    NOT EXISTS ${_out} / race / ${_name}.csv) message(FATAL_ERROR "${_name}.csv was not written") endif()
                                    endforeach() file(READ ${_out} / race / race.json _json) string(JSON _count LENGTH "${_json}" results)
                                        string(JSON _last GET "${_json}" results 3 entrant) if (NOT _count EQUAL 4 OR NOT _last MATCHES
                                                                                                "1e9")
                                            message(FATAL_ERROR
                                                    "race.json: ${_count} results, the last is ${_last}; the diverging one is due there")
                                                endif() file(READ ${_out} / race / runs.csv _before)
                                                    run(0 $ { _race } --threads 1) #all runs are there
    file(READ ${_out} / race /
         runs.csv _after) if (NOT _before STREQUAL _after) message(FATAL_ERROR "runs.csv differs where the race is asked for again") endif()

        refuses("the nearest are adam" --optimizers adan) refuses("the nearest are matrix_completion" --problems matrix_completon)
            refuses("an empty grid finds nothing" --grid 0) refuses("holds another race" $ {
              _race
            } --tau - max 3) refuses("a curve comes with its parameters" --add - curve theirs.csv)

                run(0 --problems "${_problem}" --export - problem ${_out} / problem)
                    foreach (_name problem.json theta.npy W1.npy W2.npy entries.npy truth.npy) if (NOT EXISTS ${_out} / problem / ${_name})
                        message(FATAL_ERROR "--export-problem wrote no ${_name}") endif() endforeach()

                            set(_python "") foreach (_one / usr / bin / python3 python3)
                                execute_process(COMMAND ${_one} - c
                                                "import numpy" RESULT_VARIABLE _code ERROR_QUIET) if (_code EQUAL 0 AND NOT _python)
                                    set(_python ${_one}) endif() endforeach() if (NOT _python)
                                        message("no python3 with numpy (Debian: python3-numpy): scores are not recomputed") return ()
                                            endif()
                                                execute_process(COMMAND ${_python} -
                                                                B ${SCRIPT} ${_out} /
                                                                    race RESULT_VARIABLE _code OUTPUT_VARIABLE _text ERROR_VARIABLE _text)
                                                    message("${_text}") if (NOT _code EQUAL 0)
                                                        message(FATAL_ERROR "scores.py found differences") endif()
