# Stands in for Eigen 5's package: like the real one it refuses a request for any other major version.
set(PACKAGE_VERSION 5.0.0)
if(PACKAGE_FIND_VERSION_MAJOR EQUAL 5)
  set(PACKAGE_VERSION_COMPATIBLE ON)
endif()
