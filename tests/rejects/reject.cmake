# cmake -D FILE= -D COMPILER= -D FLAGS= -D INCLUDES=a|b -P reject.cmake
# Succeeds if FILE does not compile and the compiler's words contain the sentence after "// expect: " in FILE's first line.
file(STRINGS ${FILE} first LIMIT_COUNT 1)
if(NOT first MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${FILE}: the first line must be '// expect: ' and the sentence that the compiler is to say")
endif()
string(REPLACE "\\;" ";" sentence "${CMAKE_MATCH_1}")  # file(STRINGS) escapes them
string(REPLACE "|" ";" directories "${INCLUDES}")
list(TRANSFORM directories PREPEND -I)
separate_arguments(FLAGS)
execute_process(COMMAND ${COMPILER} ${FLAGS} -fsyntax-only ${directories} ${FILE} RESULT_VARIABLE status ERROR_VARIABLE said)
if(status EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles, but must not: expected '${sentence}'")
endif()
string(FIND "${said}" "${sentence}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "${FILE} does not compile, but without the sentence '${sentence}'; the compiler said:\n${said}")
endif()
