#!/bin/sh
# Makes Python environments with the libraries of former years, which write model files as they did then.
#
#   tests/servers/ages.sh [NAME...]    makes what is missing, prints a line "NAME PYTHON" for each
#
# An age needs the Python of its time: from pyenv, from the path (python3.8), or one that uv fetches. Where there is none
# the age is left out, said on standard error as a line that begins with SKIPPED. All take 6 GB.
set -eu

. "$(dirname "$0")/environments.sh"

# A name, the Python, and the pins.
ages='
2019 3.6 xgboost==0.90 lightgbm==2.3.1 scikit-learn==0.24.2 numpy==1.19.5 joblib==1.1.1 skl2onnx==1.7.0 onnxmltools==1.7.0 onnxruntime==1.10.0 onnx==1.8.1 protobuf<3.20 setuptools<81
2020 3.7 xgboost==1.0.2 lightgbm==3.0.0 scikit-learn==1.0.2 numpy==1.21.6 joblib==1.3.2 skl2onnx==1.10.4 onnxmltools==1.10.0 onnxruntime==1.14.1 onnx==1.10.2 protobuf<3.20 setuptools<81
2020b 3.8 xgboost==1.2.1 lightgbm==3.3.5 scikit-learn==1.1.1 numpy==1.23.5 joblib==1.4.2 skops==0.9.0 skl2onnx==1.12 onnxmltools==1.11.1 onnxruntime==1.19.2 onnx==1.12.0 protobuf<3.21 setuptools<81
2021 3.8 xgboost==1.4.2 lightgbm==3.1.1 scikit-learn==1.0.2 setuptools<81 numpy==1.24.4 joblib==1.4.2
2021b 3.8 xgboost==1.5.2 lightgbm==3.2.1 setuptools<81 scikit-learn==1.2.2 numpy==1.24.4 joblib==1.4.2 skops==0.9.0 skl2onnx==1.14.1 onnxmltools==1.11.2 onnxruntime==1.19.2 onnx==1.14.1
2022 3.8 xgboost==1.6.2 lightgbm==3.3.5 scikit-learn==1.2.2 setuptools<81 numpy==1.24.4 joblib==1.4.2
2022b 3.9 xgboost==1.7.6 lightgbm==4.0.0 scikit-learn==1.3.2 numpy==1.26.4 joblib==1.5.3 skops==0.16.0 skl2onnx==1.16.0 onnxmltools==1.12.0 onnxruntime==1.19.2 onnx==1.15.0 setuptools<81
2023 3.9 xgboost==2.0.3 lightgbm==4.3.0 scikit-learn==1.4.2 numpy==1.26.4 joblib==1.5.3 skops==0.16.0 skl2onnx==1.17.0 onnxmltools==1.12.0 onnxruntime==1.19.2 onnx==1.16.1 setuptools<81
2024 3.10 xgboost==2.1.4 lightgbm==4.5.0 scikit-learn==1.5.2 numpy==2.2.6 joblib==1.6.0 skops==0.16.0 skl2onnx==1.18.0 onnxmltools==1.13.0 onnxruntime==1.23.2 onnx==1.17.0 protobuf<7 setuptools<81
2025 3.11 xgboost==3.0.5 catboost==1.2.10 lightgbm==4.6.0 scikit-learn==1.6.1 numpy==2.2.6 joblib==1.6.0 skops==0.16.0 skl2onnx==1.19.1 onnxmltools==1.14.0 onnxruntime==1.32.0 onnx==1.18.0 protobuf<7 setuptools<81
2025b 3.12 xgboost==3.1.3 scikit-learn==1.7.2 joblib==1.6.0 skops==0.16.0
newest 3.13 xgboost==3.4.1 lightgbm==4.7.0 scikit-learn==1.8.0 joblib==1.6.0 skops==0.16.0 skl2onnx==1.20.0 onnxmltools==1.16.0 onnxruntime==1.32.0 setuptools<81
'

# python_of VERSION: prints an interpreter of that version that runs, or what uv is to fetch.
python_of() {
    for python in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python "$(command -v "python$1" || true)"; do
        # A name on the path may be a shim without a program behind it.
        if [ -x "$python" ] && "$python" -c '' >/dev/null 2>&1; then
            printf '%s\n' "$python"
            return
        fi
    done
    printf '%s\n' "$1"
}

printf '%s\n' "$ages" | while read -r name version pins; do
    [ -n "$name" ] || continue
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    # A shell of its own, so that one age that cannot be made ends no other.
    if python=$(environment "age-$name" "$(printf '%s\n' "$pins" | tr ' ' '\n')" "$(python_of "$version")" </dev/null); then
        printf '%s %s\n' "$name" "$python"
    else
        say "SKIPPED: the age $name, for want of Python $version or of its libraries"
    fi
done
